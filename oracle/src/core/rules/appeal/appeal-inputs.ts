import type { AppealRefusal } from '../../trust/standing-appeals.ts';
import type { AppealContext } from '../context.ts';

/** An appeal's context with what was found out about it. */
export type AppealInputs = AppealContext & {
  readonly ownerSigned: boolean;
  /** Why it changes nothing, if it does not. */
  readonly standing?: AppealRefusal;
};
