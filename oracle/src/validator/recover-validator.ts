import {
  bytesToHex,
  decodeEnvelope,
  decodeValidatorRecord,
  equalBytes,
  type RoundCertificate,
} from '@sextant/firmware-bridge/protocol';
import type { EpochState, KeyChanges, RegistryReference } from '../core/index.ts';
import { type OwnRecords, observeState } from './own-records.ts';
import type { Participants } from './participants.ts';
import { RecordedReadings } from './registry-journal.ts';

/** What a validator must know of its own log before it writes on. */
export interface RecoveredValidator {
  /** The newest slot with a mark; −1 = none. */
  readonly lastClosedSlot: number;
  /** The newest epoch with a mark; −1 = none. */
  readonly lastMarkedEpoch: number;
  /** Ascending by round; the newest few. */
  readonly certificates: readonly RoundCertificate[];
  /** Up to where it has recorded what a chain's registry says. */
  readonly registry: RegistryReference | undefined;
}

interface ReadableLog {
  readonly size: number;
  entries(from: number, to: number): AsyncIterable<Uint8Array>;
}

const CERTIFICATES_KEPT = 8;

/**
 * Reads the log from the cut of `base` (an archived state; from the first entry without one) to its end: marks,
 * certificates, registry readings, every key that became known, and what this validator has granted and said to
 * appeals. `newest` is the newest archived state, which knows better whose the keys are.
 */
export async function recoverValidator(
  log: ReadableLog,
  options: {
    readonly origin: string;
    readonly validator: Uint8Array;
    readonly base: EpochState | undefined;
    readonly newest: EpochState | undefined;
  },
  { participants, ownRecords }: { readonly participants: Participants; readonly ownRecords: OwnRecords },
): Promise<RecoveredValidator> {
  const standing = options.base?.logs.find(({ origin }) => origin === options.origin);
  let lastClosedSlot = standing?.lastClosedSlot ?? -1;
  let lastMarkedEpoch = (options.base?.epoch ?? 0) - 1;
  const certificates: RoundCertificate[] = [];
  for (const { codeHash } of options.base?.participants ?? []) if (codeHash) participants.reserveCode(codeHash);
  for (const { key, kind, owner } of options.base?.participants ?? []) participants.add({ key, kind, owner });
  const { owned, gone } = keysBetween(options.base, options.newest);
  participants.learn({ owned: [], gone });
  const readings = new RecordedReadings(options.base?.registry.reference);
  if (options.base) observeState(ownRecords, options.base, options.validator);
  for await (const entry of log.entries(standing?.size ?? 0, log.size)) {
    const envelope = decodeEnvelope(entry);
    if (!envelope.ok) continue;
    participants.observe(envelope.value);
    if (envelope.value.kind !== 'validator_record') continue;
    const record = decodeValidatorRecord(envelope.value.payload);
    if (!record.ok || !equalBytes(record.value.validator, options.validator)) continue;
    readings.notice(record.value);
    ownRecords.observe(record.value);
    if (record.value.kind === 'slot_closed') lastClosedSlot = Math.max(lastClosedSlot, record.value.slot);
    if (record.value.kind === 'epoch_mark') lastMarkedEpoch = Math.max(lastMarkedEpoch, record.value.epoch);
    if (record.value.kind === 'round_certificate') certificates.push(record.value);
  }
  certificates.sort((a, b) => a.round - b.round);
  participants.learn({ owned, gone: [] });
  const newest = certificates.slice(-CERTIFICATES_KEPT);
  return { lastClosedSlot, lastMarkedEpoch, certificates: newest, registry: readings.last };
}

function keysBetween(base: EpochState | undefined, newest: EpochState | undefined): KeyChanges {
  if (!newest) return { owned: [], gone: [] };
  const { participants } = newest;
  const known = new Set(participants.map(({ key }) => bytesToHex(key)));
  const gone = (base?.participants ?? []).filter(({ key }) => !known.has(bytesToHex(key)));
  return { owned: participants, gone: gone.map(({ key }) => key) };
}
