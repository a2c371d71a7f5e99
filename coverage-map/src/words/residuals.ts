import type { PlaceLinkView } from '@sextant/oracle/api';

/** How a link compares with what the model expects of the asserted place. */
export const RESIDUAL_CLASSES = ['strong', 'expected', 'weak'] as const;
export type ResidualClass = (typeof RESIDUAL_CLASSES)[number];

/** About one standard deviation of the loss around distance, tenths of dB: buildings and hills do no more to two links in three. */
const EXPECTED_WITHIN_DDB = 140;

export type Residual = Pick<PlaceLinkView, 'kind' | 'residualDdb' | 'againstMicronats'>;

/** Silence has no level: it counts as too weak where it speaks against the place. */
export function residualClass({ kind, residualDdb, againstMicronats }: Residual): ResidualClass {
  if (kind === 'silent') return againstMicronats > 0 ? 'weak' : 'expected';
  if (residualDdb > EXPECTED_WITHIN_DDB) return 'strong';
  return residualDdb < -EXPECTED_WITHIN_DDB ? 'weak' : 'expected';
}
