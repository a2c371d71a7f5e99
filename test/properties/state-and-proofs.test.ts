import { createHash } from 'node:crypto';
import { createOwnerTree, verifyOwnerProof } from '@sextant/contracts-client/encoding';
import { bytesToHex, hexToBytes, leafHash, verifyInclusion } from '@sextant/firmware-bridge/protocol';
import {
  decodeState,
  type EpochState,
  encodeState,
  type FindPart,
  proveReward,
  proveVerdict,
  summaryJson,
} from '@sextant/oracle/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../support/runs.ts';
import { live } from '../support/world/live.ts';
import { mischief } from '../support/world/mischief.ts';
import type { Result } from '../support/world/outcome-of.ts';
import { createWorld } from '../support/world/world.ts';

const world = createWorld({ seed: 71, hotspots: 6, surveyDevices: 2, radiusKm: 4 });
const results = live(world, mischief(world, 3), 3);
const last = results[3] as Result;

function partsOf(state: EpochState): FindPart {
  const parts = new Map(encodeState(state).parts.map(({ digest, bytes }) => [bytesToHex(digest), bytes]));
  return (digest) => parts.get(bytesToHex(digest));
}

describe('a state', () => {
  it('is the same after it was written and read, and has the root its summary names', () => {
    for (const { state, summary } of results) {
      const encoded = encodeState(state);
      const decoded = decodeState(encoded.bytes, partsOf(state));
      expect(decoded).toEqual({ ok: true, state, root: encoded.root });
      expect(bytesToHex(encoded.root)).toBe(summary.roots.state);
    }
    // Otherwise this would prove little.
    const lines = results.flatMap(({ state }) => Buffer.from(encodeState(state).bytes).toString().split('\n'));
    const kinds = new Set(lines.map((line) => line.split(' ')[0]));
    expect(kinds).toEqual(
      new Set([
        'carried',
        'cell',
        'certificate',
        'cut',
        'grant',
        'head',
        'judged',
        'log',
        'owner',
        'participant',
        'previous',
        '',
      ]),
    );
  });

  it('shares what does not change with the states before it', () => {
    const digests = (result: Result) => encodeState(result.state).parts.map(({ digest }) => bytesToHex(digest));
    expect(digests(last)).toEqual(expect.arrayContaining(digests(results[2] as Result)));
  });

  it('is refused when any byte of it is another, and never throws', () => {
    const { bytes, root } = encodeState(last.state);
    const findPart = partsOf(last.state);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const changed = bytes.slice();
        changed[at] = ((changed[at] as number) + difference) % 256;
        const decoded = decodeState(changed, findPart);
        // A digit of a hash or an amount may be another one: that is another state, and has another root.
        if (decoded.ok && !isInSummary(bytes, at)) expect(decoded.root).not.toEqual(root);
      }),
      { numRuns: runs(1000) },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (garbage) => {
        expect(decodeState(garbage, () => undefined).ok).toBe(false);
      }),
    );
  });

  it('is refused without the parts it names', () => {
    expect(decodeState(encodeState(last.state).bytes, () => undefined)).toEqual({ ok: false, field: 'judged.digest' });
    expect(decodeState(encodeState(last.state).bytes, () => new Uint8Array(8))).toEqual({
      ok: false,
      field: 'judged.digest',
    });
  });
});

/** Whether the byte lies in the last lines: they repeat what the signed summary says, and the root does not cover them. */
function isInSummary(bytes: Uint8Array, at: number): boolean {
  return at >= Buffer.from(bytes).toString().indexOf('\ncut ');
}

describe('proofs', () => {
  const { summary } = last;

  it('of every verdict hold under the root of the summary', () => {
    for (const { reportId, outcome } of last.verdicts) {
      const found = proveVerdict(last, reportId);
      if (!found) throw new Error('a verdict of the list has a proof');
      const { leaf, leafIndex, treeSize, proof } = found;
      const claim = { leafIndex, treeSize, leafHash: leafHash(leaf), root: hexToBytes(summary.roots.verdicts) };
      expect(verifyInclusion(claim, proof)).toBe(true);
      const parsed = JSON.parse(Buffer.from(leaf).toString());
      expect([parsed.reportId, parsed.outcome]).toEqual([bytesToHex(reportId), outcome]);
      expect(verifyInclusion({ ...claim, leafHash: leafHash(Buffer.concat([leaf, Uint8Array.of(0)])) }, proof)).toBe(
        false,
      );
    }
    expect(proveVerdict(last, new Uint8Array(32))).toBeUndefined();
  });

  it('of every reward line and every owner hold too', () => {
    for (const { rewardClass, key, amount } of last.rewards) {
      const found = proveReward(last, rewardClass, key);
      if (!found) throw new Error('a reward line has a proof');
      const { leaf, leafIndex, treeSize, proof } = found;
      const claim = { leafIndex, treeSize, leafHash: leafHash(leaf), root: hexToBytes(summary.roots.rewards) };
      expect(verifyInclusion(claim, proof)).toBe(true);
      expect(JSON.parse(Buffer.from(leaf).toString())).toMatchObject({ key: bytesToHex(key), amount: `${amount}` });
    }
    expect(proveReward(last, 'witness', new Uint8Array(32))).toBeUndefined();
    const tree = createOwnerTree(last.owners);
    expect(bytesToHex(tree.root)).toBe(summary.roots.owners);
    for (const leaf of last.owners)
      expect(verifyOwnerProof(tree.root, leaf, tree.findProof(leaf.owner) ?? [])).toBe(true);
  });
});

describe('a summary', () => {
  it('is RFC 8785 JSON with integers as strings, names the one before it, and is what its hash is of', () => {
    results.forEach((result, epoch) => {
      const parsed = JSON.parse(result.summaryJson);
      expect(result.summaryJson).toBe(summaryJson(result.summary));
      expect(createHash('sha256').update(result.summaryJson).digest('hex')).toBe(bytesToHex(result.summaryHash));
      expect(parsed.previous).toBe(
        epoch === 0 ? undefined : bytesToHex(results[epoch - 1]?.summaryHash ?? new Uint8Array()),
      );
      const values = JSON.stringify(parsed, (_, value: unknown) => (typeof value === 'number' ? 'a number' : value));
      expect(values).not.toContain('a number');
      expect(Object.keys(parsed)).toEqual(Object.keys(parsed).sort());
    });
  });
});
