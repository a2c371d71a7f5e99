import { bytesToHex, equalBytes, formatId } from '@sextant/firmware-bridge/protocol';
import type { OwnerRewardView, OwnerView, Page } from '../../api/index.ts';
import {
  countOwned,
  findLatestEpoch,
  findOwnerTotal,
  findUnclaimedFrom,
  listOwned,
  type OwnerGraceRow,
  type OwnerLineRow,
  sumGrace,
  sumOwnerLines,
} from '../../store/index.ts';
import { nameOf, type ViewContext } from './view-context.ts';

/** What an owner has earned up to the newest closed epoch, beside what the caller says was claimed of it (base units). */
export async function readOwner({ db }: ViewContext, owner: Uint8Array, claimed: bigint): Promise<OwnerView> {
  const latest = await findLatestEpoch(db);
  const total = latest === undefined ? undefined : await findOwnerTotal(db, owner, latest.epoch);
  const earned = total?.cumulative ?? 0n;
  const fromEpoch = earned > claimed ? await findUnclaimedFrom(db, owner, claimed) : undefined;
  return {
    owner: `0x${bytesToHex(owner)}`,
    participants: await countOwned(db, owner),
    ...(latest === undefined ? {} : { epoch: latest.epoch }),
    earned: String(earned),
    unclaimed: String(earned > claimed ? earned - claimed : 0n),
    ...(fromEpoch === undefined ? {} : { fromEpoch }),
  };
}

export interface OwnerRewardRequest {
  readonly owner: Uint8Array;
  /** Epochs, both included. */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  /** Key of the last one of the page before. */
  readonly after?: Uint8Array;
}

/** What each of an owner's keys earned in a range of epochs; those that earned nothing are in it. */
export async function readOwnerRewards({ db }: ViewContext, page: OwnerRewardRequest): Promise<Page<OwnerRewardView>> {
  const rows = await listOwned(db, { ...page, limit: page.limit + 1 });
  const shown = rows.slice(0, page.limit);
  const range = { ...page, keys: shown.map(({ key }) => key) };
  const sums = await sumOwnerLines(db, range);
  const grace = await sumGrace(db, range);
  const items = shown.map(({ key, kind, name }) => ({
    id: formatId(kind, key),
    name,
    kind,
    ...amountsOf(
      sums.filter((line) => equalBytes(line.key, key)),
      grace.get(nameOf(key)),
    ),
  }));
  const last = items.at(-1);
  return { items, ...(rows.length > page.limit && last !== undefined ? { next: last.id } : {}) };
}

function amountsOf(
  lines: readonly OwnerLineRow[],
  { released, held }: OwnerGraceRow = { released: 0n, held: 0n },
): Pick<OwnerRewardView, 'paid' | 'held' | 'released' | 'lines'> {
  return {
    paid: String(lines.reduce((sum, line) => (line.held ? sum : sum + line.amount), released)),
    held: String(held),
    ...(released === 0n ? {} : { released: String(released) }),
    lines: lines.map(({ rewardClass, amount, held, epochs, count }) => ({
      rewardClass,
      amount: String(amount),
      held,
      epochs,
      count,
    })),
  };
}
