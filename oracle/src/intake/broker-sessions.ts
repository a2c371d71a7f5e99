import type { LoginClaims } from '@sextant/firmware-bridge/protocol';
import { z } from 'zod';
import type { IntakeMetrics } from './intake-metrics.ts';
import type { LoginAttempt, LoginJudgement, LoginOutcome } from './login.ts';

const text = z.string().max(1_024);
const SessionBody = z.object({ id: text, token: text });

export type BrokerSessionAnswer =
  | { readonly status: 200; readonly body: { readonly expiresAtMs: number } }
  | {
      readonly status: 400 | 403 | 503;
      readonly body: { readonly reason: LoginOutcome | 'bad_request' | 'broker_busy' };
    };

/** Opens a session at a broker that cannot judge a token itself. */
export interface AccountOpener {
  allow(participantId: string, claims: LoginClaims, token: string): Promise<void>;
}

export interface BrokerSessionsModules {
  readonly judgeLogin: (attempt: LoginAttempt) => LoginJudgement;
  readonly accounts: AccountOpener;
  readonly metrics: IntakeMetrics;
}

/** Answers `POST /api/v1/broker/session { id, token }`: after a 200 the broker lets that participant in with that token. */
export function createBrokerSessions(modules: BrokerSessionsModules): (body: unknown) => Promise<BrokerSessionAnswer> {
  const { judgeLogin, accounts, metrics } = modules;
  return async (body) => {
    const parsed = SessionBody.safeParse(body);
    if (!parsed.success) return { status: 400, body: { reason: 'bad_request' } };
    const { id, token } = parsed.data;
    const judgement = judgeLogin({ username: id, clientId: id, password: token });
    metrics.logins.labels(judgement.outcome).inc();
    if (judgement.outcome !== 'accepted') return { status: 403, body: { reason: judgement.outcome } };
    try {
      await accounts.allow(id, judgement.claims, token);
    } catch {
      return { status: 503, body: { reason: 'broker_busy' } };
    }
    return { status: 200, body: { expiresAtMs: judgement.claims.expiresAtMs } };
  };
}
