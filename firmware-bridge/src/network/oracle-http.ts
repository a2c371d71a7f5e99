import { z } from 'zod';
import type { ParticipantKind, UnixMs } from '../protocol/index.ts';
import { bytesToHex } from '../protocol/index.ts';
import { type NetworkFacts, NetworkFactsError, type NetworkJson, parseNetworkAnswer } from './network-facts.ts';

const TIMEOUT_MS = 15_000;
const ANSWER_MAX_BYTES = 1_000_000;

/** The oracle's HTTP API cannot be used; the message says what to do. */
export class OracleHttpError extends Error {
  override readonly name = 'OracleHttpError';
  readonly code: 'unreachable' | 'not_an_oracle' | 'refused';
  /** The oracle's own code of a refusal. */
  readonly problem: string | undefined;

  constructor(code: OracleHttpError['code'], message: string, problem?: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
    this.problem = problem;
  }
}

export interface NetworkAnswer {
  readonly facts: NetworkFacts;
  readonly json: NetworkJson;
  readonly serverTimeMs: UnixMs;
}

export interface JoinClaims {
  /** `hs1…` or `sv1…`. */
  readonly key: string;
  readonly participant: ParticipantKind;
  /** `0x` and 40 hex digits. */
  readonly owner: string;
  readonly code: string;
  readonly keySignature: Uint8Array;
}

/** `GET /api/v1/network`. Rejects with OracleHttpError. */
export async function fetchNetwork(baseUrl: string): Promise<NetworkAnswer> {
  const { body } = await request(baseUrl, '/api/v1/network', {});
  try {
    return parseNetworkAnswer(body);
  } catch (error) {
    if (!(error instanceof NetworkFactsError)) throw error;
    throw notAnOracle(baseUrl, error.message, error);
  }
}

/** `POST /api/v1/join`: asks to make a key known. Asking twice is no error. Rejects with OracleHttpError. */
export async function joinNetwork(baseUrl: string, claims: JoinClaims): Promise<void> {
  const body = JSON.stringify({ ...claims, keySignature: bytesToHex(claims.keySignature) });
  await request(baseUrl, '/api/v1/join', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
}

/** `POST /api/v1/broker/session`: brings a login token to a broker that cannot judge it. Rejects with OracleHttpError. */
export async function openBrokerSession(baseUrl: string, login: { id: string; token: string }): Promise<void> {
  const body = JSON.stringify(login);
  const headers = { 'content-type': 'application/json' };
  await request(baseUrl, '/api/v1/broker/session', { method: 'POST', body, headers });
}

/** Asks for what `schema` describes. Rejects with OracleHttpError. */
export async function fetchJson<Schema extends z.ZodType>(
  baseUrl: string,
  path: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const parsed = schema.safeParse((await request(baseUrl, path, {})).body);
  if (parsed.success) return parsed.data;
  throw notAnOracle(baseUrl, `its answer to ${path.replace(/\?.*/, '')} cannot be read. Is it of another version?`);
}

const PROBLEM = z.object({ title: z.string(), detail: z.string(), code: z.string() });

async function request(baseUrl: string, path: string, init: RequestInit): Promise<{ body: unknown }> {
  const url = new URL(path, baseUrl);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    text = await response.text();
  } catch (error) {
    const why = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    const advice = `${url.origin} does not answer (${why}). Check the address, the network and the firewall.`;
    throw new OracleHttpError('unreachable', advice, undefined, error);
  }
  if (text.length > ANSWER_MAX_BYTES) throw notAnOracle(baseUrl, 'its answer is too long');
  const body = parseJson(text);
  if (response.ok && body !== undefined) return { body };
  const problem = PROBLEM.safeParse(body);
  if (!problem.success) throw notAnOracle(baseUrl, `it answered ${response.status}`);
  const { title, detail, code } = problem.data;
  throw new OracleHttpError('refused', `${title}. ${detail}`, code);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notAnOracle(baseUrl: string, why: string, cause?: unknown): OracleHttpError {
  const advice = `${baseUrl} does not answer like a Sextant oracle: ${why}. Is it the address of a validator's website?`;
  return new OracleHttpError('not_an_oracle', advice, undefined, cause);
}
