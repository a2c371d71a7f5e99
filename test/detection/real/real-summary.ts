import { formatTable } from '../../network/progress/table.ts';
import { MOVES_KM, type PointVerdict } from './moved-points.ts';

const SET = 'brno';
/** `sextant` is the test alone at 99 %, in one epoch; `sextant-product` what rule set 2 does with it. */
const REAL_RULES = ['sextant', 'sextant-product', 'helium'] as const;

/** One rule on claims of one distance: means over the splits' points. */
export interface RealSummary {
  readonly set: string;
  readonly km: number;
  readonly ruleSet: (typeof REAL_RULES)[number];
  /** Share of claims moved so far that are caught. */
  readonly caught: number;
  /** Share of true claims that are. */
  readonly falseRejected: number;
  readonly n: number;
}

/** Of `sextant-product` only points count that have the witnesses it asks for: without them it says nothing. */
export function summariseReal(verdicts: readonly PointVerdict[]): readonly RealSummary[] {
  return REAL_RULES.flatMap((ruleSet) => {
    const counted = verdicts.filter(({ enoughWitnesses }) => ruleSet !== 'sextant-product' || enoughWitnesses);
    const shareAt = (km: number): { share: number; n: number } => {
      const at = counted.filter((verdict) => verdict.km === km);
      return { share: at.filter((verdict) => isCaught(verdict, ruleSet)).length / at.length, n: at.length };
    };
    const falseRejected = shareAt(0).share;
    return MOVES_KM.filter((km) => km > 0).map((km) => {
      const { share, n } = shareAt(km);
      return { set: SET, km, ruleSet, caught: share, falseRejected, n };
    });
  });
}

function isCaught(verdict: PointVerdict, rule: (typeof REAL_RULES)[number]): boolean {
  if (rule === 'sextant') return verdict.singleShot;
  return rule === 'helium' ? verdict.freeSpace : verdict.product !== 'valid';
}

const TITLES: Readonly<Record<(typeof REAL_RULES)[number], string>> = {
  sextant: 'Sextant, G > 4.605 in one epoch',
  'sextant-product': 'Sextant, place not valid in one epoch (≥ 4 witnesses)',
  helium: 'free space, EIRP + G 22 dBm (Helium)',
};

export function realTable(summaries: readonly RealSummary[]): readonly string[] {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  const moves = [...new Set(summaries.map(({ km }) => km))];
  const head = ['rule', 'true place refused', ...moves.map((km) => `${km} km`), 'points'];
  const rows = REAL_RULES.map((rule) => {
    const own = summaries.filter(({ ruleSet }) => ruleSet === rule);
    const caught = own.map((one) => percent(one.caught));
    return [TITLES[rule], percent(own[0]?.falseRejected ?? 0), ...caught, String(own[0]?.n ?? 0)];
  });
  return formatTable(
    [head, ...rows],
    head.map((_, i) => i).filter((i) => i > 0),
  );
}
