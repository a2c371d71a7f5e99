import {
  bytesToHex,
  chainlessDomain,
  compareBytes,
  roundOfSlot,
  type Successor,
  type Verdict,
} from '@sextant/firmware-bridge/protocol';
import { firstRoundInForce, judgeSuccessor, OUTCOME_OF_REASON, type Recorded } from '../../rules/index.ts';
import type { ParticipantState } from '../state/epoch-state.ts';

/** A key that hands over in the open epoch. */
export interface MadeSuccessor {
  /** In `ReportFacts`. */
  readonly row: number;
  readonly report: Successor;
  readonly recorded: Recorded;
}

export interface Succession {
  readonly oldKey: Uint8Array;
  readonly newKey: Uint8Array;
  readonly fromRound: number;
}

export interface ResolvedSuccessions {
  /** By the hex of the old key. */
  readonly byOldKey: ReadonlyMap<string, Succession>;
  readonly byNewKey: ReadonlyMap<string, Succession>;
  /** By row. */
  readonly verdicts: ReadonlyMap<number, Verdict>;
}

export interface SuccessionRules {
  readonly networkId: string;
  /** How many successors of one key are looked at. */
  readonly limit: number;
  readonly find: (key: Uint8Array) => ParticipantState | undefined;
  /** Verdicts that have been worked out before: signatures are checked once. */
  readonly known: Map<string, Verdict>;
}

/**
 * Which keys hand over to which. Two different successors of one key are both void, and so are two old keys that name one
 * new key. A key that is known already inherits nobody. It takes effect when an assertion would. Of one key those with
 * the smallest ids are looked at, `limit` of them: signatures cost.
 */
export function resolveSuccessions(all: readonly MadeSuccessor[], rules: SuccessionRules): ResolvedSuccessions {
  const { find } = rules;
  const judge = createSuccessorJudge(rules);
  const isTaken = ({ report, recorded }: MadeSuccessor): boolean =>
    find(report.newKey) !== undefined || find(recorded.reporter)?.successor !== undefined;

  const { within, beyond } = splitByLimit(all, rules.limit);
  const first = within.map((item) => ({ item, verdict: judge(item, isTaken(item)) }));
  const sound = first.filter(({ verdict }) => verdict.outcome === 'valid').map(({ item }) => item);
  const olds = countBy(sound, ({ recorded }) => bytesToHex(recorded.reporter));
  const news = countBy(sound, ({ report }) => bytesToHex(report.newKey));

  const byOldKey = new Map<string, Succession>();
  const byNewKey = new Map<string, Succession>();
  const verdicts = new Map(first.map(({ item, verdict }) => [item.row, verdict]));
  for (const { row, recorded } of beyond) verdicts.set(row, unread(recorded));
  for (const item of sound) {
    const { row, report, recorded } = item;
    const [oldName, newName] = [bytesToHex(recorded.reporter), bytesToHex(report.newKey)];
    if (olds.get(oldName) !== 1 || news.get(newName) !== 1) {
      verdicts.set(row, judge(item, true));
      continue;
    }
    const fromRound = firstRoundInForce(recorded.lastClosedSlot, recorded.timing, recorded.ruleSet);
    const succession = { oldKey: recorded.reporter, newKey: new Uint8Array(report.newKey), fromRound };
    byOldKey.set(oldName, succession);
    byNewKey.set(newName, succession);
  }
  return { byOldKey, byNewKey, verdicts };
}

function createSuccessorJudge({ networkId, known }: SuccessionRules) {
  const signingDomain = chainlessDomain(networkId);
  return ({ row, report, recorded }: MadeSuccessor, newKeyKnown: boolean): Verdict => {
    const { lastClosedSlot, batchNameConflict, participant } = recorded;
    const owner = participant ? bytesToHex(participant.owner) : 'nobody';
    const name = `${row} ${newKeyKnown} ${lastClosedSlot} ${batchNameConflict} ${owner}`;
    const verdict = known.get(name) ?? judgeSuccessor({ ...recorded, networkId, report, signingDomain, newKeyKnown });
    known.set(name, verdict);
    return verdict;
  };
}

function splitByLimit(
  all: readonly MadeSuccessor[],
  limit: number,
): { within: MadeSuccessor[]; beyond: MadeSuccessor[] } {
  const byMaker = new Map<string, MadeSuccessor[]>();
  for (const item of all) {
    const maker = bytesToHex(item.recorded.reporter);
    const items = byMaker.get(maker) ?? [];
    items.push(item);
    byMaker.set(maker, items);
  }
  const within: MadeSuccessor[] = [];
  const beyond: MadeSuccessor[] = [];
  for (const items of byMaker.values()) {
    items.sort((a, b) => compareBytes(a.recorded.reportId, b.recorded.reportId));
    items.forEach((item, i) => (i < limit ? within : beyond).push(item));
  }
  return { within, beyond };
}

function unread({ reportId, reporter, timing, lastClosedSlot }: Recorded): Verdict {
  const round = roundOfSlot(timing, lastClosedSlot + 1);
  const reason = 'key_not_allowed';
  return { subject: 'other', reportId, reporter, round, outcome: OUTCOME_OF_REASON[reason], reason, checks: [] };
}

function countBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1);
  return counts;
}
