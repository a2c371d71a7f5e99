/**
 * A process that appends to the log in the folder of its first argument until it is killed. It says `open <size>` once,
 * and `<leaf index> <entry>` for every receipt it has.
 */
import { writeSync } from 'node:fs';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { nodeFileSystem, openLedger } from '@sextant/oracle/ledger';
import { ORIGIN, signer, silentLogger } from './ledger-harness.ts';

const directory = process.argv[2];
if (directory === undefined) throw new Error('which folder?');
const ledger = await openLedger(
  { directory, origin: ORIGIN, segmentBytes: 20_000, publishIntervalMs: 5, maxTailBytes: 30_000 },
  { fileSystem: nodeFileSystem, signer, clock: createSystemClock(), logger: silentLogger },
);
writeSync(1, `open ${ledger.size}\n`);
for (let burst = 0; ; burst++) {
  const texts = Array.from({ length: 1 + (burst % 90) }, (_, at) => `${process.pid}.${burst}.${at}`);
  const proofs = await Promise.all(texts.map((text) => ledger.append(Buffer.from(text))));
  writeSync(1, proofs.map((proof, at) => `${proof.leafIndex} ${texts[at]}\n`).join(''));
}
