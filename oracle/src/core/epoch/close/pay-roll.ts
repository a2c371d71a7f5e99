import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import { NO_PAY } from '../../location/place-pay.ts';
import { judgesPlaces } from '../../ruleset/index.ts';
import { epochsOfDays, movedM } from '../../trust/index.ts';
import type { EpochContext } from '../epoch-context.ts';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import { homeAfter } from '../known/homes.ts';
import type { Knowledge } from '../known/knowledge.ts';
import type { JudgedPlaces } from '../places/judge-places.ts';

/** Who takes part in the pay of an epoch. Keys by number. */
export interface PayRoll {
  /** It is paid for its work, or what it earns is held. */
  isPaid(key: number): boolean;
  /** Its place is not in doubt: what it hears and what is heard of it counts. */
  stands(key: number): boolean;
  /** What its work counts: 1 for everybody under a rule set that judges no places, else in 1/10,000. */
  partOf(key: number): bigint;
  /** What it earns waits until its place is proven. */
  isHeld(key: Uint8Array): boolean;
}

/** `places` is absent under a rule set that does not judge them: then everybody is paid who has not moved. */
export function createPayRoll(
  context: EpochContext,
  { facts, knowledge }: { readonly facts: EpochFacts; readonly knowledge: Knowledge },
  places: JudgedPlaces | undefined,
): PayRoll {
  const moving = remembered((number) => isMoving(context, knowledge, facts.reports.keyOf(number), places));
  if (!places) return { isPaid: (key) => !moving(key), stands: () => true, partOf: () => 1n, isHeld: () => false };
  const mayEarn = remembered((number) => knowledge.mayEarn(facts.reports.keyOf(number)));
  const payOf = (key: Uint8Array) => places.payByKey.get(bytesToHex(key)) ?? NO_PAY;
  const payOfNumber = remembered((number) => payOf(facts.reports.keyOf(number)));
  return {
    isPaid: (key) => payOfNumber(key).status !== 'unpaid' && payOfNumber(key).share > 0 && !moving(key) && mayEarn(key),
    stands: (key) => payOfNumber(key).stands,
    partOf: (key) => (mayEarn(key) ? BigInt(payOfNumber(key).share) : 0n),
    isHeld: (key) => payOf(key).status === 'held',
  };
}

function remembered<T>(valueOf: (number: number) => T): (number: number) => T {
  const known = new Map<number, { readonly value: T }>();
  return (number) => {
    const entry = known.get(number) ?? { value: valueOf(number) };
    known.set(number, entry);
    return entry.value;
  };
}

/** A hotspot is unpaid for some days after a move; small moves add up to one where the rule set remembers them. */
function isMoving(
  context: EpochContext,
  knowledge: Knowledge,
  key: Uint8Array,
  places: JudgedPlaces | undefined,
): boolean {
  const home = homeAfter(context, knowledge, key);
  if (home !== undefined && home.paidFromEpoch > context.epoch) return true;
  const { ruleSet, timing, epoch } = context;
  if (!places || !judgesPlaces(ruleSet)) return false;
  const moves = places.movesByKey.get(bytesToHex(key)) ?? [];
  const last = moves.at(-1);
  if (!last || movedM(moves) <= ruleSet.rewards.freeMoveM) return false;
  return epoch - last.epoch < epochsOfDays(ruleSet.rewards.movedUnpaidDays, timing.epochMs);
}
