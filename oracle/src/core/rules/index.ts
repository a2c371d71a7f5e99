export type * from './context.ts';
export { isAppealOfOwner, judgeAppeal } from './judge-appeal.ts';
export { firstRoundInForce, judgeAssertion } from './judge-assertion.ts';
export { judgeLink } from './judge-link.ts';
export { judgeSuccessor } from './judge-successor.ts';
export { judgeTransmission } from './judge-transmission.ts';
export { OUTCOME_OF_REASON } from './verdict-of.ts';
