import { bytesToHex, chainlessDomain, type Successor, type Verdict } from '@sextant/firmware-bridge/protocol';
import { firstRoundInForce, judgeSuccessor, type Recorded } from '../../rules/index.ts';
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

/**
 * Which keys hand over to which. Two different successors of one key are both void, and so are two old keys that name one
 * new key. A key that is known already inherits nobody. It takes effect when an assertion would.
 */
export function resolveSuccessions(
  networkId: string,
  made: readonly MadeSuccessor[],
  find: (key: Uint8Array) => ParticipantState | undefined,
): ResolvedSuccessions {
  const signingDomain = chainlessDomain(networkId);
  const judge = ({ report, recorded }: MadeSuccessor, newKeyKnown: boolean): Verdict =>
    judgeSuccessor({ ...recorded, networkId, report, signingDomain, newKeyKnown });
  const isTaken = ({ report, recorded }: MadeSuccessor): boolean =>
    find(report.newKey) !== undefined || find(recorded.reporter)?.successor !== undefined;

  const first = made.map((item) => ({ item, verdict: judge(item, isTaken(item)) }));
  const sound = first.filter(({ verdict }) => verdict.outcome === 'valid').map(({ item }) => item);
  const olds = countBy(sound, ({ recorded }) => bytesToHex(recorded.reporter));
  const news = countBy(sound, ({ report }) => bytesToHex(report.newKey));

  const byOldKey = new Map<string, Succession>();
  const byNewKey = new Map<string, Succession>();
  const verdicts = new Map(first.map(({ item, verdict }) => [item.row, verdict]));
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

function countBy<T>(items: readonly T[], nameOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1);
  return counts;
}
