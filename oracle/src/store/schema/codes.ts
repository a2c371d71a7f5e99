import {
  OUTCOMES,
  type Outcome,
  type ParticipantKind,
  REASONS,
  REGION_PLAN_CODES,
  type Reason,
  type RegionPlanName,
  SUBJECT_KINDS,
  type SubjectKind,
} from '@sextant/firmware-bridge/protocol';
import { COVERAGE_STATES, type CoverageState, REWARD_CLASSES, type RewardClass } from '../../core/epoch/result.ts';

/** Closed lists are stored as the small numbers they have on the wire. */
interface Code<Name extends string> {
  readonly number: (name: Name) => number;
  /** Throws RangeError for a number nobody ever wrote. */
  readonly name: (number: number) => Name;
}

function codeOf<Name extends string>(numbers: Readonly<Record<Name, number>>): Code<Name> {
  const names = new Map(Object.entries<number>(numbers).map(([name, number]) => [number, name as Name]));
  return {
    number: (name) => numbers[name],
    name: (number) => {
      const name = names.get(number);
      if (name === undefined) throw new RangeError(`no name has the number ${number}`);
      return name;
    },
  };
}

export const outcomeCode: Code<Outcome> = codeOf(OUTCOMES);
export const reasonCode: Code<Reason> = codeOf(REASONS);
export const subjectCode: Code<SubjectKind> = codeOf(SUBJECT_KINDS);
export const coverageStateCode: Code<CoverageState> = codeOf(COVERAGE_STATES);
export const regionPlanCode: Code<RegionPlanName> = codeOf(REGION_PLAN_CODES);

export type StoredParticipantKind = ParticipantKind | 'validator';
export const participantCode: Code<StoredParticipantKind> = codeOf({ hotspot: 1, survey_device: 2, validator: 3 });

const REPORT_KINDS = { beacon: 1, witness: 2, survey: 3 } as const;
export type StoredReportKind = keyof typeof REPORT_KINDS;
export const reportKindCode: Code<StoredReportKind> = codeOf(REPORT_KINDS);

export const roundStateCode: Code<'certified' | 'void'> = codeOf({ certified: 1, void: 2 });

export const rewardClassCode: Code<RewardClass> = codeOf(
  Object.fromEntries(REWARD_CLASSES.map((name, i) => [name, i + 1])) as Record<RewardClass, number>,
);
