import { findCellCentre } from '../../geometry/cell.ts';
import { distanceM } from '../../geometry/distance.ts';
import { epochsOfDays } from '../../rewards/emission.ts';
import type { EpochContext } from '../epoch-context.ts';
import type { ParticipantState } from '../state/epoch-state.ts';
import type { Knowledge } from './knowledge.ts';

export type Home = NonNullable<ParticipantState['home']>;

/**
 * Where a hotspot is at home after this epoch. Assertions within `freeMoveM` of home correct it and cost nothing; however
 * many they are, home stays where it was. One farther away moves home, and the hotspot is unpaid from the epoch the
 * assertion comes into force in for `movedUnpaidDays`. The first place is no move.
 */
export function homeAfter(context: EpochContext, knowledge: Knowledge, key: Uint8Array): Home | undefined {
  const { epoch, ruleSet, timing, firstRound, nextFirstRound } = context;
  const unpaidEpochs = epochsOfDays(timing, ruleSet.rewards.movedUnpaidDays);
  let home = knowledge.stateOf(key)?.home;
  for (let round = firstRound; round < nextFirstRound; round++) {
    const cell = knowledge.assertionAt(key, round)?.report.cell;
    if (cell === undefined) continue;
    if (!home) home = { cell, paidFromEpoch: 0 };
    else if (apartM(context, home.cell, cell) > ruleSet.rewards.freeMoveM) {
      home = { cell, paidFromEpoch: epoch + unpaidEpochs };
    }
  }
  return home;
}

/** Cells of assertions in force have been judged: they are cells. */
function apartM(context: EpochContext, a: bigint, b: bigint): number {
  const [from, to] = [findCellCentre(a, context.cells), findCellCentre(b, context.cells)];
  if (!from || !to) throw new RangeError(`a place in force is no cell: ${a.toString(16)}, ${b.toString(16)}`);
  return distanceM(from, to);
}
