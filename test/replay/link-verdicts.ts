import type { Outcome, Reason } from '@sextant/firmware-bridge/protocol';
import type { Check, VerdictView } from '@sextant/oracle/api';
import type { OracleApi } from '../network/oracle-api.ts';
import type { ToldReception } from './measured-world.ts';

/** What became of one measured reception. */
export interface JudgedLink {
  readonly row: number;
  readonly outcome: Outcome;
  readonly reason: Reason;
  readonly checks: readonly Check[];
}

export interface JudgedLinks {
  readonly links: readonly JudgedLink[];
  /** Rows whose reception has no verdict. */
  readonly without: readonly number[];
}

/** A bridge dates a reception by the clock of its own process, which follows within a step or two. */
const NEAR_MS = 2_000;

/** Finds the final verdict on each reception that was told, by who heard whom and when. `ids` by EUI. */
export async function judgeLinks(
  told: readonly ToldReception[],
  api: OracleApi,
  ids: ReadonlyMap<string, string>,
): Promise<JudgedLinks> {
  const verdicts = new Map<string, VerdictView[]>();
  for (const gateway of new Set(told.map((reception) => reception.gateway))) {
    for (const verdict of await api.verdicts(ids.get(gateway) ?? '')) {
      if (verdict.subject !== 'witness' || !verdict.final) continue;
      const key = `${verdict.reporter.id}/${verdict.sender?.id ?? ''}`;
      verdicts.set(key, [...(verdicts.get(key) ?? []), verdict]);
    }
  }
  const links: JudgedLink[] = [];
  const without: number[] = [];
  for (const { row, gateway, sender, endMs } of told) {
    const candidates = verdicts.get(`${ids.get(gateway)}/${ids.get(sender)}`) ?? [];
    const verdict = candidates.find(({ atMs }) => Math.abs(atMs - endMs) <= NEAR_MS);
    if (verdict) links.push({ row, outcome: verdict.outcome, reason: verdict.reason, checks: verdict.checks });
    else without.push(row);
  }
  return { links, without };
}
