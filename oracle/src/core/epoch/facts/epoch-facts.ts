import {
  bytesToHex,
  epochAt,
  epochOfRound,
  equalBytes,
  type Report,
  type ReportBatch,
  roundOfSlot,
  type ValidatorRecord,
} from '@sextant/firmware-bridge/protocol';
import { RegistryReadings } from '../../registry/registry-readings.ts';
import { decodeCarried } from '../carry/decode-carried.ts';
import type { EpochContext } from '../epoch-context.ts';
import { Grants } from '../known/grants.ts';
import { Invitations } from '../known/invitations.ts';
import { KnownKeys } from '../known/known-keys.ts';
import { Reviews } from '../known/reviews.ts';
import { hasJudged } from '../state/judged-reports.ts';
import { createReportNamer, ReportEncoder } from './canonical-report.ts';
import { Certificates } from './certificates.ts';
import { LogBook, type LogPosition, type OpenLog } from './log-book.ts';
import { type EntryRefusal, isKnownTo, type OpenedEntry, openEntry } from './open-entry.ts';
import { ReportFacts } from './report-facts.ts';
import { TransmissionFacts } from './transmission-facts.ts';
import { WitnessFacts } from './witness-facts.ts';

/**
 * What becomes of a report in the epoch it was read in. `copy`: it is here already. `judged_before`: an earlier epoch has
 * judged it. `too_early`: it is about a round more than one epoch ahead; `too_old`: more than K epochs back. Only the first
 * two are, or will be, judged.
 */
export const REPORT_FATES = ['new', 'copy', 'judged_before', 'too_early', 'too_old'] as const;
export type ReportFate = (typeof REPORT_FATES)[number];

export interface AddedReport {
  readonly reportId: Uint8Array;
  readonly report: Report;
  readonly fate: ReportFate;
}

export type AddedEntry =
  | { readonly kind: 'batch'; readonly batch: ReportBatch; readonly reports: readonly AddedReport[] }
  | { readonly kind: 'record'; readonly record: ValidatorRecord }
  | { readonly kind: 'refused'; readonly reason: EntryRefusal };

/** Everything the entries of an epoch say, packed. Nothing is decided here that a later entry could change. */
export class EpochFacts {
  readonly logs: LogBook;
  readonly reports: ReportFacts;
  readonly witnesses: WitnessFacts;
  readonly transmissions: TransmissionFacts;
  readonly certificates: Certificates;
  readonly known: KnownKeys;
  readonly grants: Grants;
  readonly reviews = new Reviews();
  readonly successorRows: number[] = [];
  readonly statusRows: number[] = [];
  readonly #invitations: Invitations;
  readonly #registryReadings: RegistryReadings;
  readonly #context: EpochContext;
  readonly #encoder = new ReportEncoder();
  readonly #reportIdOf: (signer: Uint8Array, encoded: Uint8Array) => Uint8Array;
  /** By the hex of the key. */
  readonly #statementRows = new Map<string, number[]>();
  readonly #appealRows = new Map<string, number[]>();
  /** Round → numbers of the keys that had something in a log then. */
  readonly #online = new Map<number, Set<number>>();

  constructor(context: EpochContext) {
    const { network, state, salt, timing, epoch, verify, sha256 } = context;
    const { networkId, validators } = network;
    this.#context = context;
    this.#reportIdOf = createReportNamer(networkId, sha256);
    this.logs = new LogBook(network, state.logs);
    this.reports = new ReportFacts(validators.length, salt, sha256);
    this.witnesses = new WitnessFacts(salt);
    this.transmissions = new TransmissionFacts(timing, epoch);
    this.certificates = new Certificates(network, state.certificates, verify);
    this.#invitations = new Invitations(networkId, state.participants, verify);
    this.#registryReadings = new RegistryReadings(validators.length, state.registry.reference);
    this.known = new KnownKeys(context, this.#invitations, this.#registryReadings);
    this.grants = new Grants(validators.length, state.grants);
    for (const carried of state.carried) {
      const report = decodeCarried(carried);
      const id = this.#reportIdOf(carried.reporter, carried.report);
      this.reports.seeCarried(this.#insert(id, carried.reporter, report, carried.report), carried);
    }
  }

  /** Takes the next entry of a log. Throws RangeError when it is not the next one: positions decide. */
  add(position: LogPosition, entry: Uint8Array): AddedEntry {
    const log = this.logs.next(position);
    const opened = openEntry(this.#context.network.networkId, entry, this.#context.verify);
    if (position.index === 0 && opened.kind === 'record') log.keeper = this.logs.findKeeper(opened.record);
    if (log.keeper < 0) return { kind: 'refused', reason: 'foreign_log' };
    if (opened.kind === 'refused') return opened;
    if (!isKnownTo(this.#context.ruleSet.number, opened)) return { kind: 'refused', reason: 'malformed' };
    return opened.kind === 'batch' ? this.#addBatch(opened, log) : this.#addRecord(opened, log);
  }

  #addRecord(opened: OpenedEntry & { kind: 'record' }, log: OpenLog): AddedEntry {
    const { record, payload } = opened;
    const validator = this.logs.validatorOf(record.validator);
    if (validator < 0) return { kind: 'refused', reason: 'unknown_validator' };
    if (validator !== log.keeper) return { kind: 'refused', reason: 'not_the_keeper' };
    switch (record.kind) {
      case 'slot_closed':
        log.lastClosedSlot = Math.max(log.lastClosedSlot, record.slot);
        break;
      case 'round_certificate':
        this.certificates.add(record, validator, log.lastClosedSlot);
        break;
      case 'invitation':
        this.#invitations.add(record, log.lastClosedSlot, payload);
        this.known.forget();
        break;
      case 'grant':
        this.grants.add(record, validator);
        break;
      case 'review':
        this.reviews.add(record, validator);
        break;
      case 'registry_events':
        this.#registryReadings.add(record, validator, this.#context.sha256(payload));
        this.known.forget();
        break;
      case 'genesis':
      case 'epoch_mark':
        break;
    }
    return { kind: 'record', record };
  }

  #addBatch(opened: OpenedEntry & { kind: 'batch' }, log: OpenLog): AddedEntry {
    const { batch, payload } = opened;
    const batchNumber = this.reports.addBatch(batch, payload);
    const { hotspot } = batch;
    const reports = batch.reports.map((report): AddedReport => {
      const encoded = this.#encoder.encode(report);
      const reportId = this.#reportIdOf(hotspot, encoded);
      const known = this.reports.ids.find(reportId);
      const fate = known >= 0 ? 'copy' : this.#fateOf(hotspot, report, reportId);
      if (fate === 'new' || fate === 'copy') {
        const row = known >= 0 ? known : this.#insert(reportId, hotspot, report, encoded);
        this.reports.see(row, log.keeper, log.lastClosedSlot, batchNumber);
      }
      return { reportId, report, fate };
    });
    this.#setOnline(this.reports.numberOf(hotspot), roundOfSlot(this.#context.timing, log.lastClosedSlot + 1));
    return { kind: 'batch', batch, reports };
  }

  #insert(id: Uint8Array, reporter: Uint8Array, report: Report, encoded: Uint8Array): number {
    const row = this.reports.add(id, reporter, report.kind, encoded);
    const reporterNumber = this.reports.reporterNumber(row);
    switch (report.kind) {
      case 'witness':
        this.witnesses.add(row, reporterNumber, report);
        break;
      case 'beacon':
      case 'survey':
        this.transmissions.add(row, reporterNumber, report);
        this.#setOnline(reporterNumber, report.round);
        break;
      case 'location_assertion':
      case 'chain_anchor':
        addTo(this.#statementRows, bytesToHex(reporter), row);
        break;
      case 'successor':
        this.successorRows.push(row);
        break;
      case 'gateway_status':
        this.statusRows.push(row);
        break;
      case 'appeal':
        addTo(this.#appealRows, bytesToHex(reporter), row);
        break;
    }
    return row;
  }

  /** The epoch a report is about, by its own word; undefined for one that tells no time. */
  #homeOf(report: Report): number | undefined {
    const { timing } = this.#context;
    if (report.kind === 'witness') return epochAt(timing, report.receivedAtMs);
    return report.kind === 'beacon' || report.kind === 'survey' ? epochOfRound(timing, report.round) : undefined;
  }

  /** Of a report this epoch does not hold yet. It can have been judged in any cut from the one before its own epoch on. */
  #fateOf(reporter: Uint8Array, report: Report, reportId: Uint8Array): ReportFate {
    const { epoch, ruleSet, state } = this.#context;
    const home = this.#homeOf(report) ?? epoch - ruleSet.timing.lateEpochs;
    if (home > epoch + 1) return 'too_early';
    if (home < epoch - ruleSet.timing.lateEpochs) return 'too_old';
    if (state.judged.some((judged) => judged.epoch >= home - 1 && hasJudged(judged, reportId))) return 'judged_before';
    return this.#isStanding(reporter, reportId) ? 'judged_before' : 'new';
  }

  /** A statement in force is known for ever, however long ago it was judged. */
  #isStanding(reporter: Uint8Array, reportId: Uint8Array): boolean {
    const { statements } = this.#invitations.find(reporter) ?? { statements: [] };
    return statements.some((statement) => equalBytes(statement.reportId, reportId));
  }

  statementRowsOf(name: string): readonly number[] {
    return this.#statementRows.get(name) ?? [];
  }

  appealRowsOf(name: string): readonly number[] {
    return this.#appealRows.get(name) ?? [];
  }

  appealRows(): Iterable<number> {
    return [...this.#appealRows.values()].flat();
  }

  /** Hex of the keys that made a statement. */
  statementMakers(): Iterable<string> {
    return this.#statementRows.keys();
  }

  #setOnline(key: number, round: number): void {
    const keys = this.#online.get(round) ?? new Set<number>();
    keys.add(key);
    this.#online.set(round, keys);
  }

  /** Numbers of the keys with a report in a log in that round, or about it. */
  onlineIn(round: number): ReadonlySet<number> {
    return this.#online.get(round) ?? new Set();
  }
}

function addTo(rows: Map<string, number[]>, name: string, row: number): void {
  const known = rows.get(name) ?? [];
  known.push(row);
  rows.set(name, known);
}
