import {
  type Genesis,
  nameOfKey,
  type Report,
  type ReportBatch,
  reportId,
  roundAt,
  roundOfSlot,
  slotStartMs,
  slotsPerRound,
  type Timing,
  type ValidatorRecord,
} from '@sextant/firmware-bridge/protocol';
import type { StoredParticipantKind, StoredReportKind } from '../schema/codes.ts';
import { boundedTime } from './bounded-time.ts';
import { decodeLogEntry } from './log-entry.ts';

/** What must be known of a log before an entry to understand it. */
export interface LogState {
  /** From the genesis record. */
  readonly network?: { readonly networkId: string; readonly timing: Timing };
  /** Of the newest mark. */
  readonly lastSlot?: number;
}

export interface ParticipantRow {
  readonly key: Uint8Array;
  readonly kind: StoredParticipantKind;
  readonly owner: Uint8Array;
  readonly name: string;
  readonly firstSeenMs: number;
}

export interface AssertionRow {
  readonly reportId: Uint8Array;
  readonly key: Uint8Array;
  readonly report: Extract<Report, { kind: 'location_assertion' }>;
  readonly logIndex: number;
  readonly loggedMs: number;
  /** Known when the next slot mark stands in the same run of entries. */
  effectiveRound?: number;
}

export interface SuccessorRow {
  readonly reportId: Uint8Array;
  readonly oldKey: Uint8Array;
  readonly newKey: Uint8Array;
  readonly loggedMs: number;
}

export interface StatusRow {
  readonly key: Uint8Array;
  readonly createdMs: number;
  readonly status: Extract<Report, { kind: 'gateway_status' }>;
}

export interface RoundRow {
  readonly round: number;
  /** Absent: void. */
  readonly entropy?: Uint8Array;
}

export interface ReportRow {
  readonly timeMs: number;
  readonly reportId: Uint8Array;
  readonly reporter: Uint8Array;
  readonly round: number;
  readonly atMs: number;
  readonly report: Extract<Report, { kind: StoredReportKind }>;
  readonly logIndex: number;
}

/** What a run of log entries adds to the tables. */
export interface LogRows {
  genesis?: Genesis;
  readonly participants: ParticipantRow[];
  readonly assertions: AssertionRow[];
  /** Assertions that stood before the run and were still waiting take effect by the first mark in it. */
  firstMark?: { readonly effectiveRound: number };
  readonly successors: SuccessorRow[];
  readonly statuses: StatusRow[];
  /** By round, the first thing the log says about it. */
  readonly rounds: Map<number, RoundRow>;
  readonly reports: ReportRow[];
  /** Everybody who signed a batch, as hex, with the log's time of the last. */
  readonly signers: Map<string, number>;
  /** Entries nobody can read: they should never have been admitted. */
  unreadable: number;
}

/** A round that was never opened for longer than this many rounds is not listed round by round. */
const MOST_VOID_ROUNDS = 10_000;

/**
 * Reads entries in log order, the first of which has number `from`, until it has `enough` reports; `taken` says how many
 * entries that were. Pure: the same entries after the same state give the same rows.
 */
export function readLogRows(
  state: LogState,
  from: number,
  entries: readonly Uint8Array[],
  enough: number,
): { readonly rows: LogRows; readonly state: LogState; readonly taken: number } {
  const reader = new LogReader(state);
  let taken = 0;
  for (const bytes of entries) {
    reader.read(from + taken, bytes);
    taken++;
    if (reader.rows.reports.length >= enough) break;
  }
  return { rows: reader.rows, state: reader.state, taken };
}

class LogReader {
  state: LogState;
  readonly rows: LogRows = {
    participants: [],
    assertions: [],
    successors: [],
    statuses: [],
    rounds: new Map(),
    reports: [],
    signers: new Map(),
    unreadable: 0,
  };
  /** Assertions of this run without a mark behind them yet start here. */
  #firstWaiting = 0;

  constructor(state: LogState) {
    this.state = state;
  }

  read(index: number, bytes: Uint8Array): void {
    const entry = decodeLogEntry(bytes);
    if (entry.kind === 'record') this.#readRecord(entry.record);
    else if (entry.kind === 'batch' && this.state.network !== undefined) {
      this.#readBatch(index, entry.signer, entry.batch, this.state.network);
    } else this.rows.unreadable++;
  }

  /** End of the newest closed slot: what time it was, by this log. */
  #logMs(): number {
    const { network, lastSlot } = this.state;
    if (network === undefined) return 0;
    return slotStartMs(network.timing, (lastSlot ?? -1) + 1);
  }

  #readRecord(record: ValidatorRecord): void {
    switch (record.kind) {
      case 'genesis':
        return this.#readGenesis(record);
      case 'slot_closed':
        return this.#readMark(record.slot);
      case 'round_certificate':
        if (!this.rows.rounds.has(record.round)) {
          this.rows.rounds.set(record.round, { round: record.round, entropy: record.entropy });
        }
        return;
      case 'invitation':
        this.#addParticipant(record.key, record.participant, record.owner);
        return;
      case 'grant':
      case 'epoch_mark':
      case 'review':
      case 'registry_events':
        return;
    }
  }

  #readGenesis(genesis: Genesis): void {
    if (this.state.network !== undefined) return;
    this.rows.genesis = genesis;
    this.state = { ...this.state, network: { networkId: genesis.networkId, timing: genesis.timing } };
    for (const { logKey, owner } of genesis.validators) this.#addParticipant(logKey, 'validator', owner);
  }

  #addParticipant(key: Uint8Array, kind: StoredParticipantKind, owner: Uint8Array): void {
    this.rows.participants.push({ key, kind, owner, name: nameOfKey(key), firstSeenMs: this.#logMs() });
  }

  /** A round whose certificate does not stand before the mark of the last slot before it is void; assertions take effect. */
  #readMark(slot: number): void {
    const { network, lastSlot } = this.state;
    if (network === undefined) return;
    const { timing } = network;
    const effectiveRound = roundOfSlot(timing, slot) + 2;
    this.rows.firstMark ??= { effectiveRound };
    for (const assertion of this.rows.assertions.slice(this.#firstWaiting)) assertion.effectiveRound = effectiveRound;
    this.#firstWaiting = this.rows.assertions.length;
    const roundOpenedAfter = (closed: number): number => Math.floor((closed + 1) / slotsPerRound(timing));
    const last = roundOpenedAfter(slot);
    const first = Math.max(roundOpenedAfter(lastSlot ?? -1) + 1, last - MOST_VOID_ROUNDS);
    for (let round = first; round <= last; round++) {
      if (!this.rows.rounds.has(round)) this.rows.rounds.set(round, { round });
    }
    this.state = { ...this.state, lastSlot: Math.max(slot, lastSlot ?? slot) };
  }

  #readBatch(index: number, signer: Uint8Array, batch: ReportBatch, network: NonNullable<LogState['network']>): void {
    const logMs = this.#logMs();
    this.rows.signers.set(Buffer.from(signer).toString('hex'), logMs);
    for (const report of batch.reports) {
      const id = reportId(network.networkId, signer, report);
      switch (report.kind) {
        case 'beacon':
        case 'witness':
        case 'survey':
          this.#addReport(index, signer, id, report, network.timing);
          break;
        case 'location_assertion':
          this.rows.assertions.push({ reportId: id, key: signer, report, logIndex: index, loggedMs: logMs });
          break;
        case 'successor':
          this.rows.successors.push({ reportId: id, oldKey: signer, newKey: report.newKey, loggedMs: logMs });
          break;
        case 'gateway_status':
          this.rows.statuses.push({ key: signer, createdMs: batch.createdAtMs, status: report });
          break;
        case 'chain_anchor':
        case 'appeal':
          break;
      }
    }
  }

  #addReport(
    logIndex: number,
    reporter: Uint8Array,
    id: Uint8Array,
    report: ReportRow['report'],
    timing: Timing,
  ): void {
    const atMs = report.kind === 'witness' ? report.receivedAtMs : report.sentAtMs;
    const round = report.kind === 'witness' ? roundAt(timing, report.receivedAtMs) : report.round;
    const timeMs = boundedTime(atMs, this.#logMs());
    this.rows.reports.push({ timeMs, reportId: id, reporter, round, atMs, report, logIndex });
  }
}
