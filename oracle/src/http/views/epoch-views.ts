import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import type { EpochListItem, EpochView, Page } from '../../api/index.ts';
import type { RewardClass } from '../../core/index.ts';
import { countReasons, type EpochRow, listEpochs, sumByClass, sumHeld } from '../../store/index.ts';
import { readSummary, type SignedSummary } from '../proofs/signed-summary.ts';
import type { ViewContext } from './view-context.ts';

export async function readEpochPage(
  { db }: ViewContext,
  page: { readonly before?: number; readonly limit: number },
): Promise<Page<EpochListItem>> {
  const rows = await listEpochs(db, { ...page, limit: page.limit + 1 });
  const items = rows.slice(0, page.limit).map(toEpochItem);
  const last = items.at(-1);
  return { items, ...(rows.length > page.limit && last !== undefined ? { next: String(last.epoch) } : {}) };
}

export function toEpochItem(row: EpochRow): EpochListItem {
  const { epoch, startMs, endMs, ruleSet, total, unminted, hotspotsPaid, covered, surveyedNotCovered, outcomes } = row;
  return {
    epoch,
    startMs,
    endMs,
    ruleSet,
    total: String(total),
    unminted: String(unminted),
    hotspotsPaid,
    hexes: { covered, surveyedNotCovered },
    outcomes,
    roots: summaryOf(row).roots,
    summaryHash: bytesToHex(row.summaryHash),
  };
}

export async function toEpochView({ db }: ViewContext, row: EpochRow): Promise<EpochView> {
  const { cut, rounds, previous, registry } = summaryOf(row);
  const byClass = await sumByClass(db, row.epoch);
  const paid = (name: RewardClass): string => String(byClass[name] ?? 0n);
  return {
    ...toEpochItem(row),
    attempt: row.attempt,
    ruleSetId: bytesToHex(row.ruleSetId),
    coreVersion: row.coreVersion,
    cut,
    ...(registry === undefined ? {} : { registry }),
    voidRounds: rounds.filter(({ entropy }) => entropy === undefined).map(({ round }) => round),
    byReason: await countReasons(db, row.epoch),
    held: String(await sumHeld(db, row.epoch)),
    byClass: {
      validator: paid('validator'),
      beaconer: paid('beaconer'),
      witness: paid('witness'),
      survey: paid('survey'),
    },
    ...(previous === undefined ? {} : { previous }),
  };
}

const summaryOf = ({ summaryJson }: EpochRow): SignedSummary => readSummary(Buffer.from(summaryJson, 'utf8'));
