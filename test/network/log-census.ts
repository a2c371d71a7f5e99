import {
  bytesToHex,
  decodeEnvelope,
  decodeReportBatch,
  equalBytes,
  NOTE_SIGNATURE_TYPES,
  parseId,
  type Report,
} from '@sextant/firmware-bridge/protocol';
import { EMPTY_TREE_HEAD, growTree, hashLeaf, type ObjectSource, openLogReader } from '@sextant/oracle/ledger';

export type ReportKind = Report['kind'];

export interface LogCensus {
  readonly entries: number;
  /** Different batches, by who signed them and what they are called. */
  readonly batches: number;
  /** Reports in them, by kind. */
  readonly reports: Readonly<Partial<Record<ReportKind, number>>>;
}

/** The log does not hold what its checkpoint says. */
export class LogCensusError extends Error {
  override readonly name = 'LogCensusError';
}

/**
 * Counts what a validator's public log holds, as any stranger can: reads every entry over HTTP, and throws LogCensusError
 * when they do not hash to the root that the validator has signed.
 */
export async function countLog(
  url: string,
  validator: { readonly id: string; readonly origin: string },
): Promise<LogCensus> {
  const publicKey = parseId(validator.id)?.publicKey;
  if (!publicKey) throw new LogCensusError(`${validator.id} is no validator's id`);
  const key = { name: validator.origin, type: NOTE_SIGNATURE_TYPES.ed25519, publicKey };
  const log = await openLogReader({ origin: validator.origin, key }, { objects: httpSource(url) });
  const { size, root } = log.checkpoint();
  const names = new Set<string>();
  const reports: Partial<Record<ReportKind, number>> = {};
  const leaves: Uint8Array[] = [];
  for await (const entry of log.entries(0, size)) {
    leaves.push(hashLeaf(entry));
    for (const kind of newReports(entry, names)) reports[kind] = (reports[kind] ?? 0) + 1;
  }
  if (size > 0 && !equalBytes(growTree(EMPTY_TREE_HEAD, leaves).root, root)) {
    throw new LogCensusError(`the ${size} entries of ${validator.origin} do not hash to the root that was signed`);
  }
  return { entries: size, batches: names.size, reports };
}

/** Kinds of the reports in an entry whose batch is not in `names` yet. */
function newReports(entry: Uint8Array, names: Set<string>): readonly ReportKind[] {
  const envelope = decodeEnvelope(entry);
  if (!envelope.ok) return [];
  const batch = decodeReportBatch(envelope.value.payload);
  if (!batch.ok) return [];
  const { incarnation, sequence, reports } = batch.value;
  const name = `${bytesToHex(envelope.value.signer)}/${incarnation}/${sequence}`;
  if (names.has(name)) return [];
  names.add(name);
  return reports.map(({ kind }) => kind);
}

const TIMEOUT_MS = 30_000;

/** The files of a log behind `<url>/log/`. */
function httpSource(url: string): ObjectSource {
  return {
    async read(path) {
      const response = await fetch(new URL(`/log/${path}`, url), { signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (response.status === 404) return undefined;
      if (!response.ok) throw new LogCensusError(`${response.url} answered ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

export const sumOfReports = (census: LogCensus): number =>
  Object.values(census.reports).reduce((sum, count) => sum + count, 0);
