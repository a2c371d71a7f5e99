import { valuesOf } from '../../ruleset/parameter.ts';
import { parameters2Trust, type TrustNumbers } from '../../ruleset/parameters-2-trust.ts';

/** The numbers of rule set 2 in production. */
export const TRUST_NUMBERS: TrustNumbers = valuesOf(parameters2Trust(true));
