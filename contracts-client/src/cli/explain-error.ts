import { BaseError } from 'viem';
import { ContractRefusedError } from '../chain/chain-errors.ts';
import { stepAfterChainError, stepAfterRefusal } from './next-steps.ts';
import { UsageError } from './usage-error.ts';

/** Errors whose message is for the person at the terminal; all others are bugs and come with a stack. */
const EXPLAINED: ReadonlySet<string> = new Set([
  'DeployConfigError',
  'DeployRaceError',
  'DeploymentFileError',
  'KeyError',
  'TransactionFailedError',
  'WrongChainError',
]);

export interface Explained {
  readonly code: string;
  readonly message: string;
  readonly exitCode: 1 | 2;
}

/** What to tell a person; undefined for a bug. Never the endpoint's URL, which may hold an access key. */
export function explainError(error: unknown): Explained | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof UsageError || hasCode(error, /^ERR_PARSE_ARGS/)) {
    return { code: 'usage', message: error.message, exitCode: 2 };
  }
  if (error instanceof ContractRefusedError) {
    return { code: error.name, message: `${error.message} ${stepAfterRefusal(error.code)}`.trimEnd(), exitCode: 1 };
  }
  if (EXPLAINED.has(error.name)) return { code: error.name, message: error.message, exitCode: 1 };
  if (error instanceof BaseError) {
    const message = `The chain's endpoint says: ${error.shortMessage} ${stepAfterChainError(error)}`;
    return { code: 'chain', message, exitCode: 1 };
  }
  if (hasCode(error, /^(ENOENT|EACCES|EISDIR)$/)) {
    return { code: 'file', message: `${error.message}. Name a file that can be read; --help says which.`, exitCode: 1 };
  }
  return undefined;
}

const hasCode = (error: Error, pattern: RegExp): boolean =>
  'code' in error && typeof error.code === 'string' && pattern.test(error.code);
