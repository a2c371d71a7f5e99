import { STATUS_CODES } from 'node:http';
import { PROBLEM_CODES, type Problem, type ProblemCode } from '../api/index.ts';

/** Thrown by a handler to answer with a problem; `detail` says what to do and is read by strangers. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: ProblemCode;
  /** Seconds after which asking again makes sense. */
  readonly retryAfterS: number | undefined;

  constructor(code: ProblemCode, detail: string, options: { retryAfterS?: number; cause?: unknown } = {}) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.retryAfterS = options.retryAfterS;
  }
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export function problemBody(code: ProblemCode, detail: string): Problem {
  const status = PROBLEM_CODES[code];
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, code };
}
