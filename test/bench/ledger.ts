/**
 * How fast the log is, and how much disk it needs. `node test/dist/bench/ledger.js [folder]` writes into a new folder there
 * (default: the system's temporary one) and removes it. Timings are those of this machine's disk and of what else it does.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { createSeedSigner } from '@sextant/firmware-bridge/native-ed25519';
import {
  ddb,
  ddbm,
  encodeEnvelope,
  encodeReportBatch,
  encodeValidatorRecord,
  hertz,
  type Report,
  unixMs,
} from '@sextant/firmware-bridge/protocol';
import { type Ledger, nodeFileSystem, openLedger } from '@sextant/oracle/ledger';
import { pino } from 'pino';

const ORIGIN = 'validator.example/log';
const SECONDS_PER_RUN = 3;
const root = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'sextant-ledger-bench-'));
const signer = { name: ORIGIN, ...createSeedSigner(new Uint8Array(32).fill(7)) };
const hotspot = createSeedSigner(new Uint8Array(32).fill(9));

const bytesOf = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);
const NOW = unixMs(1_800_000_000_000);
const RADIO = { frequencyHz: hertz(868_100_000), spreadingFactor: 10, bandwidthHz: hertz(125_000) };
const BEACON: Report = {
  kind: 'beacon',
  round: 300_000,
  chainLink: bytesOf(32, 1),
  phyPayload: bytesOf(23, 2),
  ...RADIO,
  txPowerRequestedDdbm: ddbm(140),
  txPowerActualDdbm: ddbm(140),
  gatewayInterface: 'semtech_udp',
  sentAtMs: NOW,
  gatewayTimeUs: 3_512_348_611,
};
const WITNESS: Report = {
  kind: 'witness',
  beaconTag: bytesOf(4, 3),
  commitment: bytesOf(32, 4),
  ...RADIO,
  rssiChannelDdbm: ddbm(-1_140),
  rssiSignalDdbm: ddbm(-1_182),
  snrDdb: ddb(-72),
  receivedAtMs: NOW,
  gatewayTimeUs: 3_512_348_611,
};

function envelopeOf(reports: readonly Report[], sequence = 123_456): Uint8Array {
  const payload = encodeReportBatch({
    hotspot: hotspot.publicKey,
    incarnation: 0x1234_5678_9abc_def0n,
    sequence,
    createdAtMs: NOW,
    reports,
  });
  return encodeEnvelope({ kind: 'report_batch', payload, signer: hotspot.publicKey, signature: bytesOf(64, 5) });
}

async function openIn(name: string): Promise<Ledger> {
  const modules = { fileSystem: nodeFileSystem, signer, clock: createSystemClock(), logger: pino({ level: 'warn' }) };
  return openLedger({ directory: join(root, name), origin: ORIGIN }, modules);
}

const line = (what: string, value: string): void => console.log(`${what.padEnd(58)} ${value.padStart(12)}`);
const perSecond = (count: number, ms: number): string => `${Math.round((count / ms) * 1_000).toLocaleString('en')}/s`;

/** Keeps so many appends under way, as senders do who wait for their receipts. */
async function appendFor(name: string, atOnce: number, entry: Uint8Array): Promise<void> {
  const ledger = await openIn(name);
  const latencies: number[] = [];
  const start = performance.now();
  const cpuBefore = process.cpuUsage();
  const sender = async (): Promise<void> => {
    while (performance.now() - start < SECONDS_PER_RUN * 1_000) {
      const sent = performance.now();
      await ledger.append(entry);
      latencies.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  const ms = performance.now() - start;
  const cpu = process.cpuUsage(cpuBefore);
  latencies.sort((a, b) => a - b);
  const quantile = (share: number): string => (latencies[Math.floor(latencies.length * share)] ?? 0).toFixed(1);
  line(`${atOnce} senders, ${entry.length} bytes, synced and with proof`, perSecond(latencies.length, ms));
  line('  p50 / p99 ms', `${quantile(0.5)} / ${quantile(0.99)}`);
  line('  µs of CPU an entry', ((cpu.user + cpu.system) / latencies.length).toFixed(1));
  await ledger.close();
}

async function readAndProve(name: string): Promise<void> {
  let start = performance.now();
  const ledger = await openIn(name);
  line(`opening a log of ${ledger.size.toLocaleString('en')} entries`, `${(performance.now() - start).toFixed(0)} ms`);
  start = performance.now();
  let count = 0;
  for await (const entry of ledger.entries(0)) count += entry.length > 0 ? 1 : 0;
  line('reading entries in order', perSecond(count, performance.now() - start));
  const proofs = 5_000;
  for (const [what, range] of [
    ['fresh proofs of old entries, anywhere', ledger.size],
    ['fresh proofs of old entries, neighbours', 5_000],
  ] as const) {
    start = performance.now();
    for (let n = 0; n < proofs; n++) await ledger.prove((n * 7_919) % range);
    line(what, perSecond(proofs, performance.now() - start));
  }
  await ledger.close();
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

/** Bytes of bundles and hash tiles an entry, beyond the entry itself. */
async function overheadAnEntry(entry: Uint8Array): Promise<number> {
  const ledger = await openIn('overhead');
  const count = 512 * 256;
  for (let n = 0; n < count; n += 1_024) await ledger.appendAll(Array.from({ length: 1_024 }, () => entry));
  await ledger.close();
  return bytesBelow(join(root, 'overhead', 'tile')) / count - entry.length;
}

async function diskNeeded(): Promise<void> {
  const beacon = envelopeOf([BEACON]).length;
  const oneWitness = envelopeOf([WITNESS]).length;
  const moreWitnesses = (envelopeOf(Array.from({ length: 33 }, () => WITNESS)).length - oneWitness) / 32;
  const overhead = await overheadAnEntry(envelopeOf([WITNESS]));
  const [hotspots, rounds, witnesses] = [1_000, 4, 10];
  line('beacon report in an envelope of its own, bytes', String(beacon));
  line('witness report in an envelope of its own, bytes', String(oneWitness));
  line('each further witness report of a batch, bytes', moreWitnesses.toFixed(1));
  line('tiles and bundles an entry, beyond its bytes', overhead.toFixed(2));
  const mark = encodeValidatorRecord({ kind: 'slot_closed', validator: signer.publicKey, slot: 30_000_000 });
  const signed = { payload: mark, signer: signer.publicKey, signature: bytesOf(64, 5) };
  line('slot mark, bytes', String(encodeEnvelope({ kind: 'validator_record', ...signed }).length));
  const single = hotspots * rounds * (beacon + witnesses * oneWitness + (1 + witnesses) * overhead);
  const batched = hotspots * rounds * (beacon + oneWitness + (witnesses - 1) * moreWitnesses + 2 * overhead);
  const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  line('1,000 hotspots a day, 4 rounds, 10 receptions, each alone', mega(single));
  line('1,000 hotspots a day, 4 rounds, 10 receptions, one batch', mega(batched));
}

try {
  await diskNeeded();
  await appendFor('one', 1, envelopeOf([WITNESS]));
  await appendFor('many', 256, envelopeOf([WITNESS]));
  await appendFor('most', 2_048, envelopeOf([WITNESS]));
  await appendFor('batches', 256, envelopeOf(Array.from({ length: 32 }, () => WITNESS)));
  await readAndProve('most');
} finally {
  rmSync(root, { recursive: true, force: true });
}
