import { createHash } from 'node:crypto';
import {
  type BeaconReport,
  ddb,
  ddbi,
  ddbm,
  encodeEnvelope,
  encodeReportBatch,
  encodeValidatorRecord,
  hertz,
  type LocationAssertion,
  metres,
  type Report,
  reportId,
  roundStartMs,
  type SurveyReport,
  type Timing,
  unixMs,
  type ValidatorRecord,
  type Verdict,
  type WitnessReport,
} from '@sextant/firmware-bridge/protocol';
import type { ClosedEpoch, LedgerReader, ProvisionalResults, ResultSource } from '@sextant/oracle/store';
import { latLngToCell } from 'h3-js';
import { sampleLocations } from './sample-locations.ts';

/** A small network whose log and results are functions of a seed: what a judge would say is not the point here. */
export const NETWORK_ID = 'store-test';
export const TIMING: Timing = {
  genesisMs: unixMs(Date.UTC(2026, 0, 31, 22)),
  slotMs: 60_000,
  roundMs: 600_000,
  epochMs: 3_600_000,
  clockMarginMs: 3_000,
  epochGraceMs: 60_000,
};
export const ORIGIN = 'example.org/store-test';

export const bytes = (label: string, length = 32): Uint8Array =>
  new Uint8Array(createHash('sha512').update(label).digest().subarray(0, length));
export const keyOf = (index: number): Uint8Array => bytes(`hotspot ${index}`);
export const surveyKey = bytes('survey device');
const validator = bytes('validator');

/** Cells of resolution 9, about 350 m apart. */
export const cellOf = (index: number): bigint =>
  BigInt(`0x${latLngToCell(49.2 + Math.floor(index / 20) * 0.004, 16.6 + (index % 20) * 0.005, 9)}`);

const transmission = (atMs: number): Omit<BeaconReport, 'kind' | 'round' | 'chainLink'> => ({
  phyPayload: bytes('frame', 23),
  frequencyHz: hertz(868_100_000),
  spreadingFactor: 9,
  bandwidthHz: hertz(125_000),
  txPowerRequestedDdbm: ddbm(140),
  gatewayInterface: 'semtech_udp',
  sentAtMs: unixMs(atMs),
});

export const beacon = (round: number, atMs: number): BeaconReport => ({
  kind: 'beacon',
  round,
  chainLink: bytes(`link ${round}`),
  ...transmission(atMs),
});

export const survey = (index: number, round: number, cell: bigint, atMs: number): SurveyReport => ({
  kind: 'survey',
  index,
  round,
  cell,
  chainLink: bytes(`survey link ${index}`),
  satellites: 9,
  hdopTenths: 11,
  speedDmps: 80,
  ...transmission(atMs),
});

export const witness = (label: string, atMs: number): WitnessReport => ({
  kind: 'witness',
  beaconTag: bytes(label, 4),
  commitment: bytes(label),
  frequencyHz: hertz(868_100_000),
  spreadingFactor: 9,
  bandwidthHz: hertz(125_000),
  rssiChannelDdbm: ddbm(-1_080),
  snrDdb: ddb(-35),
  receivedAtMs: unixMs(atMs),
  gatewayTimeUs: 17,
});

export const assertion = (number: number, cell: bigint): LocationAssertion => ({
  kind: 'location_assertion',
  number,
  cell,
  antennaAglM: metres(12),
  altitudeMslM: metres(300),
  antennaGainDdbi: ddbi(30),
  txPowerLevelsDdbm: [ddbm(110), ddbm(140)],
  regionPlan: 'EU868',
  canTransmit: true,
  chainAnchor: bytes('anchor'),
  firstRound: 0,
});

let sequence = 0;
export function batchEntry(signer: Uint8Array, createdAtMs: number, reports: readonly Report[]): Uint8Array {
  const payload = encodeReportBatch({
    hotspot: signer,
    incarnation: 1n,
    sequence: sequence++,
    createdAtMs: unixMs(createdAtMs),
    reports,
  });
  return encodeEnvelope({ kind: 'report_batch', payload, signer, signature: bytes('signature', 64) });
}

type WithoutValidator<Record_> = Record_ extends unknown ? Omit<Record_, 'validator'> : never;

function recordEntry(record: WithoutValidator<ValidatorRecord>): Uint8Array {
  const payload = encodeValidatorRecord({ validator, ...record } as ValidatorRecord);
  return encodeEnvelope({ kind: 'validator_record', payload, signer: validator, signature: bytes('signature', 64) });
}

export const genesisEntry = (): Uint8Array =>
  recordEntry({
    kind: 'genesis',
    networkId: NETWORK_ID,
    ruleSet: 1,
    ruleSetId: bytes('rule set'),
    timing: TIMING,
    validators: [
      { logKey: validator, chainAnchor: bytes('chain'), firstRound: 0, owner: bytes('validator owner', 20) },
    ],
  });

const invitationEntry = (key: Uint8Array, participant: 'hotspot' | 'survey_device', owner: Uint8Array): Uint8Array =>
  recordEntry({
    kind: 'invitation',
    key,
    participant,
    owner,
    codeHash: bytes('code'),
    keySignature: bytes('signature', 64),
  });

export const certificateEntry = (round: number): Uint8Array =>
  recordEntry({
    kind: 'round_certificate',
    round,
    ruleSetId: bytes('rule set'),
    reveals: [{ validator, chainLink: bytes(`validator link ${round}`) }],
    entropy: bytes(`entropy ${round}`),
    signatures: [{ validator, signature: bytes('signature', 64) }],
  });

export const markEntry = (slot: number): Uint8Array => recordEntry({ kind: 'slot_closed', slot });

export interface Sample {
  readonly entries: readonly Uint8Array[];
  readonly provisional: readonly ProvisionalResults[];
  readonly closed: readonly ClosedEpoch[];
  /** All reports in the log that have a row of their own. */
  readonly reports: number;
}

const SLOTS = TIMING.roundMs / TIMING.slotMs;
const ROUNDS = TIMING.epochMs / TIMING.roundMs;

interface Collected {
  verdicts: Verdict[];
  links: ProvisionalResults['links'][number][];
}

const idOf = (key: Uint8Array, report: Report): Uint8Array => reportId(NETWORK_ID, key, report);

/** `hotspots` hotspots for `epochs` epochs: each beacon is heard by the next three, every fifth reception is judged invalid. */
export function makeSample(hotspots: number, epochs: number): Sample {
  const owner = (index: number): Uint8Array => bytes(`owner ${index % 7}`, 20);
  const entries = [genesisEntry(), invitationEntry(surveyKey, 'survey_device', owner(0))];
  for (let i = 0; i < hotspots; i++) {
    entries.push(
      invitationEntry(keyOf(i), 'hotspot', owner(i)),
      batchEntry(keyOf(i), TIMING.genesisMs, [assertion(1, cellOf(i))]),
    );
  }
  const provisional: ProvisionalResults[] = [];
  const closed: ClosedEpoch[] = [];
  let reports = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const all: Collected = { verdicts: [], links: [] };
    for (let round = epoch * ROUNDS; round < (epoch + 1) * ROUNDS; round++) {
      const one = playRound(round, hotspots, entries);
      reports += one.reports;
      provisional.push({ epoch, verdicts: one.verdicts, links: one.links, cells: [] });
      all.verdicts.push(...one.verdicts);
      all.links.push(...one.links);
    }
    closed.push(closeEpoch(epoch, all, hotspots));
  }
  return { entries, provisional, closed, reports };
}

function playRound(
  round: number,
  hotspots: number,
  entries: Uint8Array[],
): { verdicts: Verdict[]; links: ProvisionalResults['links'][number][]; reports: number } {
  const start = roundStartMs(TIMING, round);
  const verdicts: Verdict[] = [];
  const links: ProvisionalResults['links'][number][] = [];
  let reports = 0;
  const judge = (
    subject: Verdict['subject'],
    key: Uint8Array,
    report: Report,
    sender: Uint8Array,
    valid: boolean,
  ): void => {
    verdicts.push({
      subject,
      reportId: idOf(key, report),
      reporter: key,
      sender,
      round,
      outcome: valid ? 'valid' : 'invalid',
      reason: valid ? 'none' : 'too_loud',
      checks: [{ check: 'too_loud', observed: -950, limit: -900, margin: 50, unit: 'ddBm' }],
    });
  };
  for (let i = 0; i < hotspots; i++) {
    const sent = beacon(round, start + 5_000 + i);
    judge('beacon', keyOf(i), sent, keyOf(i), true);
    reports++;
    entries.push(batchEntry(keyOf(i), start + 60_000, [sent]));
    for (const step of [1, 2, 3]) {
      const j = (i + step) % hotspots;
      const heard = witness(`${round} ${i} ${j}`, start + 5_100 + i);
      const valid = (i + j + round) % 5 !== 0;
      entries.push(batchEntry(keyOf(j), start + 60_000, [heard]));
      judge('witness', keyOf(j), heard, keyOf(i), valid);
      if (valid) {
        links.push({
          reportId: idOf(keyOf(j), heard),
          cell: cellOf(i),
          sender: keyOf(i),
          witness: keyOf(j),
          round,
          espDdbm: ddbm(-900 - 10 * step - (round % 7)),
          snrDdb: -30 - step,
          senderKind: 'hotspot',
        });
      }
      reports++;
    }
  }
  const driven = survey(round, round, cellOf(200 + round), start + 7_000);
  entries.push(batchEntry(surveyKey, start + 8_000, [driven]));
  judge('survey', surveyKey, driven, surveyKey, true);
  reports++;
  for (let slot = round * SLOTS; slot < (round + 1) * SLOTS; slot++) {
    if (slot === (round + 1) * SLOTS - 2 && round % 4 !== 3) entries.push(certificateEntry(round + 1));
    entries.push(markEntry(slot));
  }
  return { verdicts, links, reports };
}

function closeEpoch(epoch: number, { verdicts, links }: Collected, hotspots: number): ClosedEpoch {
  const cells = new Map<bigint, { links: number; witnesses: Set<string>; best: number; snr: number }>();
  for (const { cell, witness: by, espDdbm, snrDdb } of links) {
    const known = cells.get(cell) ?? { links: 0, witnesses: new Set<string>(), best: -10_000, snr: -10_000 };
    known.links++;
    known.witnesses.add(Buffer.from(by).toString('hex'));
    known.best = Math.max(known.best, espDdbm);
    known.snr = Math.max(known.snr, snrDdb);
    cells.set(cell, known);
  }
  const hex = (label: string): string => Buffer.from(bytes(label)).toString('hex');
  const amount = 10n ** 18n * 3n + BigInt(epoch);
  return {
    summary: {
      network: NETWORK_ID,
      epoch,
      attempt: 0,
      ruleSet: 1,
      ruleSetId: hex('rule set'),
      coreVersion: '1',
      cut: [{ origin: ORIGIN, size: 1, root: hex('root') }],
      rounds: Array.from({ length: ROUNDS }, (_, i) => {
        const round = epoch * ROUNDS + i;
        return round === 0 || round % 4 === 0 ? { round } : { round, entropy: hex(`entropy ${round}`) };
      }),
      counts: { reports: verdicts.length },
      roots: {
        inputs: hex('inputs'),
        verdicts: hex('verdicts'),
        coverage: hex('coverage'),
        rewards: hex('rewards'),
        owners: hex('owners'),
        state: hex('state'),
      },
      total: amount * BigInt(hotspots),
      unminted: 17n,
      ...(epoch === 0 ? {} : { previous: hex(`summary ${epoch - 1}`) }),
    },
    summaryHash: bytes(`summary ${epoch}`),
    verdicts,
    links,
    coverage: [...cells].map(([cell, { links: count, witnesses, best, snr }]) => ({
      cell,
      state: 'covered' as const,
      links: count,
      witnesses: witnesses.size,
      bestEspDdbm: ddbm(best),
      bestSnrDdb: snr,
      surveyTransmissions: 0,
    })),
    rewards: Array.from({ length: hotspots }, (_, i) => ({
      rewardClass: i % 2 === 0 ? ('beaconer' as const) : ('witness' as const),
      key: keyOf(i),
      shares: BigInt(i + 1),
      amount,
      held: i % 10 === 9,
      count: 4,
      densityScale: 10_000,
    })),
    releases: epoch === 1 ? [{ key: keyOf(1), amount: 7n }] : [],
    owners: Array.from({ length: Math.min(7, hotspots) }, (_, i) => ({
      owner: bytes(`owner ${i}`, 20),
      amount,
      cumulative: amount * BigInt(epoch + 1),
    })),
    keys: { owned: [], gone: [] },
    ...sampleLocations(
      epoch,
      Array.from({ length: hotspots }, (_, i) => ({ key: keyOf(i), cell: cellOf(i) })),
    ),
  };
}

/** A log that grows when told to. */
export class GrowingLog implements LedgerReader {
  readonly all: Uint8Array[];
  readonly #origin: string;
  constructor(entries: readonly Uint8Array[], origin = ORIGIN) {
    this.#origin = origin;
    this.all = [...entries];
  }
  checkpoint(): { origin: string; size: number } {
    return { origin: this.#origin, size: this.all.length };
  }
  async *entries(from: number, to: number): AsyncGenerator<Uint8Array> {
    for (const entry of this.all.slice(from, to)) yield await Promise.resolve(entry);
  }
}

/** Results as a judge keeps them. */
export function resultSource(
  closed: readonly ClosedEpoch[],
  provisional: readonly ProvisionalResults[] = [],
): ResultSource {
  return {
    async *closedEpochs(from) {
      for (const result of closed) if (result.summary.epoch >= from) yield await Promise.resolve(result);
    },
    async *provisional() {
      for (const results of provisional) yield await Promise.resolve(results);
    },
  };
}
