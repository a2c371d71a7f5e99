import { z } from 'zod';
import { fetchJson, OracleHttpError } from '../network/oracle-http.ts';
import {
  ACCUSATION_CODES,
  hexToBytes,
  OUTCOMES,
  type Outcome,
  REASONS,
  type Reason,
  RULINGS,
  type Ruling,
} from '../protocol/index.ts';

const whole = z.int().nonnegative();

const CHECK = z.object({
  check: z.string().max(64),
  observed: z.int().optional(),
  limit: z.int().optional(),
  unit: z.string().max(16),
});

const ACCUSATION = z.object({
  code: z.enum(ACCUSATION_CODES),
  epoch: whole,
  epochs: whole,
  checks: z.array(CHECK).max(64),
  accused: z.boolean(),
  strength: whole,
  endsEpoch: whole,
  reviewEpochs: whole,
  appeal: z
    .object({
      epoch: whole,
      lastReviewEpoch: whole,
      reviews: z.array(z.object({ ruling: z.enum(Object.keys(RULINGS) as Ruling[]) })).max(64),
      ruling: z.enum(Object.keys(RULINGS) as Ruling[]).optional(),
      ruledEpoch: whole.optional(),
    })
    .optional(),
});
/** What stands against a hotspot after an epoch. */
export type Accusation = z.infer<typeof ACCUSATION>;

const LOCATION = z.object({ epoch: whole, accusations: z.array(ACCUSATION).max(64) });
const HOTSPOT = z.object({ owner: z.string().regex(/^0x[0-9a-f]{40}$/i) });

const VERDICTS = z.object({
  items: z.array(
    z.object({
      subject: z.string(),
      outcome: z.enum(Object.keys(OUTCOMES) as Outcome[]),
      reason: z.enum(Object.keys(REASONS) as Reason[]),
      epoch: whole,
      final: z.boolean(),
      checks: z.array(z.object({ check: z.string() })),
    }),
  ),
  next: z.string().optional(),
});

/** What became of the newest appeal that is in the log. */
export interface AppealVerdict {
  readonly outcome: Outcome;
  readonly reason: Reason;
  /** The epoch it counts in, if it does. */
  readonly epoch: number;
  /** False until that epoch has closed. */
  readonly final: boolean;
}

export interface Standing {
  /** The newest closed epoch; absent while none has judged the hotspot's place. */
  readonly epoch?: number;
  readonly accusations: readonly Accusation[];
  readonly appealVerdict?: AppealVerdict;
}

/** Asks a validator what stands against a hotspot. Rejects with OracleHttpError. */
export async function fetchAccusations(
  networkUrl: string,
  id: string,
): Promise<Pick<Standing, 'accusations' | 'epoch'>> {
  const location = await fetchJson(networkUrl, `/api/v1/hotspots/${id}/location`, LOCATION).catch((error: unknown) => {
    if (error instanceof OracleHttpError && error.problem === 'no_location_verdict') return undefined;
    throw error;
  });
  return location ?? { accusations: [] };
}

/** The same, and what became of its newest appeal where there may be one. Rejects with OracleHttpError. */
export async function fetchStanding(networkUrl: string, id: string): Promise<Standing> {
  const standing = await fetchAccusations(networkUrl, id);
  const canBeAppealed = standing.accusations.some(({ accused, appeal }) => accused || appeal !== undefined);
  const appealVerdict = canBeAppealed ? await findAppealVerdict(networkUrl, id) : undefined;
  return { ...standing, ...(appealVerdict ? { appealVerdict } : {}) };
}

/** The owner's address, 20 bytes: whose signature an appeal needs. Rejects with OracleHttpError. */
export async function fetchOwner(networkUrl: string, id: string): Promise<Uint8Array> {
  const { owner } = await fetchJson(networkUrl, `/api/v1/hotspots/${id}`, HOTSPOT);
  return hexToBytes(owner.slice(2).toLowerCase());
}

const PAGES = 20;
const PAGE = 100;

/** An appeal's verdict is one on a report that is neither beacon nor reception, and made this check. */
async function findAppealVerdict(networkUrl: string, id: string): Promise<AppealVerdict | undefined> {
  let before = '';
  for (let page = 0; page < PAGES; page++) {
    const path = `/api/v1/hotspots/${id}/verdicts?limit=${PAGE}${before}`;
    const { items, next } = await fetchJson(networkUrl, path, VERDICTS);
    const found = items.find(({ checks }) => checks.some(({ check }) => check === 'standing_accusation'));
    if (found) return { outcome: found.outcome, reason: found.reason, epoch: found.epoch, final: found.final };
    if (next === undefined) return undefined;
    before = `&before=${encodeURIComponent(next)}`;
  }
  return undefined;
}
