import type { LocationView, PlaceLinkView } from '@sextant/oracle/api';

/** How a link compares with what the model expects of the asserted place. */
export const RESIDUAL_CLASSES = ['strong', 'expected', 'weak'] as const;
export type ResidualClass = (typeof RESIDUAL_CLASSES)[number];

/** Of the law of Brno, which holds where an area has none, tenths of dB. */
const BRNO_SPREAD_DDB = 140;

export type Residual = Pick<PlaceLinkView, 'kind' | 'residualDdb' | 'againstMicronats'>;

/**
 * As expected is what lies within one standard deviation of the law its place was judged by: buildings and hills do no more to
 * two links in three. Silence has no level: it counts as too weak where it speaks against the place.
 */
export function residualClass(
  { kind, residualDdb, againstMicronats }: Residual,
  { law }: Pick<LocationView, 'law'>,
): ResidualClass {
  const withinDdb = law?.sigmaDdb ?? BRNO_SPREAD_DDB;
  if (kind === 'silent') return againstMicronats > 0 ? 'weak' : 'expected';
  if (residualDdb > withinDdb) return 'strong';
  return residualDdb < -withinDdb ? 'weak' : 'expected';
}
