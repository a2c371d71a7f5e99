import { BaseError } from 'viem';
import { UsageError } from './usage-error.ts';

/** Errors whose message is for the person at the terminal; all others are bugs and come with a stack. */
const EXPLAINED: ReadonlySet<string> = new Set([
  'ContractRefusedError',
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
  if (EXPLAINED.has(error.name)) return { code: error.name, message: error.message, exitCode: 1 };
  if (error instanceof BaseError) {
    return { code: 'chain', message: `The chain's endpoint says: ${error.shortMessage}`, exitCode: 1 };
  }
  if (hasCode(error, /^(ENOENT|EACCES|EISDIR)$/)) return { code: 'file', message: error.message, exitCode: 1 };
  return undefined;
}

const hasCode = (error: Error, pattern: RegExp): boolean =>
  'code' in error && typeof error.code === 'string' && pattern.test(error.code);
