/** Every `code` of a `Problem`, with the HTTP status it comes with. Codes are stable; docs/http-api.md explains each. */
export const PROBLEM_CODES = {
  bad_parameter: 400,
  bad_body: 400,
  bad_request: 400,
  unauthorized: 401,
  unknown_route: 404,
  unknown_file: 404,
  unknown_hotspot: 404,
  no_location_verdict: 404,
  no_chain: 404,
  unknown_epoch: 404,
  not_in_epoch: 404,
  not_in_log: 404,
  proof_gone: 410,
  body_too_large: 413,
  wrong_media_type: 415,
  too_many_requests: 429,
  internal: 500,
  database_unavailable: 503,
  ledger_unavailable: 503,
  broker_unavailable: 503,
  too_many_listeners: 503,
  timeout: 503,
  stopping: 503,
  // Refusals of POST /api/v1/join.
  code_malformed: 400,
  code_not_ours: 403,
  code_expired: 403,
  code_used: 409,
  code_other_kind: 403,
  key_not_allowed: 400,
  key_known: 409,
  signature_wrong: 403,
  // Refusals of POST /api/v1/broker/session.
  login_refused: 403,
} as const;
export type ProblemCode = keyof typeof PROBLEM_CODES;

/** Body of every answer ≥ 400, `application/problem+json` (RFC 9457). */
export interface Problem {
  /** `about:blank`: the code says which problem it is. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What to do next, in words. */
  readonly detail: string;
  /** Stable code. */
  readonly code: ProblemCode;
}
