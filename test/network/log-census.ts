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
  /** Batches that stand in the log a second time. */
  readonly copies: number;
  /** Reports in them, by kind. */
  readonly reports: Readonly<Partial<Record<ReportKind, number>>>;
}

/** The log does not hold what its checkpoint says. */
class LogCensusError extends Error {
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
  let copies = 0;
  const reports: Partial<Record<ReportKind, number>> = {};
  const leaves: Uint8Array[] = [];
  for await (const entry of log.entries(0, size)) {
    leaves.push(hashLeaf(entry));
    const batch = readBatch(entry);
    if (!batch) continue;
    if (names.has(batch.name)) copies++;
    else for (const { kind } of batch.reports) reports[kind] = (reports[kind] ?? 0) + 1;
    names.add(batch.name);
  }
  if (size > 0 && !equalBytes(growTree(EMPTY_TREE_HEAD, leaves).root, root)) {
    throw new LogCensusError(`the ${size} entries of ${validator.origin} do not hash to the root that was signed`);
  }
  return { entries: size, batches: names.size, copies, reports };
}

/** The batch of an entry, and what it is called; undefined for a validator's own record. */
function readBatch(entry: Uint8Array): { readonly name: string; readonly reports: readonly Report[] } | undefined {
  const envelope = decodeEnvelope(entry);
  if (!envelope.ok || envelope.value.kind !== 'report_batch') return undefined;
  const batch = decodeReportBatch(envelope.value.payload);
  if (!batch.ok) return undefined;
  const { incarnation, sequence, reports } = batch.value;
  return { name: `${bytesToHex(envelope.value.signer)}/${incarnation}/${sequence}`, reports };
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
