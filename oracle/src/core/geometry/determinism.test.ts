import { createHash } from 'node:crypto';
import { ddb, ddbm } from '@sextant/firmware-bridge/protocol';
import { cellToCenterChild, cellToChildren, getRes0Cells } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { tenLog10Udb } from '../numeric/log10.ts';
import { signalPowerDdbm } from '../physics/signal-power.ts';
import { findCellCentre } from './cell.ts';
import type { CellCentre } from './cell-cache.ts';
import { distanceM } from './distance.ts';

// Both digests were the same on Node 20.20.2 and Node 24.21.0. Another engine or h3-js that gives another one would
// split a quorum: it needs a new rule set, not a new digest.
describe('what every validator must compute alike', () => {
  it('centres, vectors and distances of a cell of resolution 9 in each of the 41,162 cells of resolution 3', () => {
    const hash = createHash('sha256');
    let previous: CellCentre | undefined;
    for (const cell of getRes0Cells().flatMap((base) => cellToChildren(base, 3))) {
      const centre = findCellCentre(BigInt(`0x${cellToCenterChild(cell, 9)}`), new Map());
      if (!centre) throw new Error(`${cell} has no centre`);
      const { latE7, lngE7, x, y, z } = centre;
      hash.update(`${latE7},${lngE7},${x},${y},${z},${previous ? distanceM(previous, centre) : 0};`);
      previous = centre;
    }
    expect(hash.digest('hex')).toBe('efd791610b9e44d9461f681a429bcf755c4a6159348fe835067f6d629415640e');
  });

  it('logarithms and signal powers', () => {
    const hash = createHash('sha256');
    for (let i = 1; i < 200_000; i++) hash.update(`${tenLog10Udb(i * 20_961)};`);
    for (let snr = -500; snr <= 500; snr++) {
      hash.update(`${signalPowerDdbm({ rssiChannelDdbm: ddbm(0), snrDdb: ddb(snr) })};`);
    }
    expect(hash.digest('hex')).toBe('07276db5a626ab39ef3d19143784dc8ec77022f9fd697aa4b85ca93b74751313');
  });
});
