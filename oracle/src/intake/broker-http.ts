import type { Clock } from '@sextant/firmware-bridge/clock';
import { formatId, isTopicAllowed, type VerifySignature, verifyLoginToken } from '@sextant/firmware-bridge/protocol';
import { z } from 'zod';
import type { IntakeMetrics } from './intake-metrics.ts';
import type { LoginAttempt, LoginJudgement } from './login.ts';

const MS_PER_SECOND = 1_000;
const text = z.string().max(1_024);
const AuthBody = z.object({ clientid: text, username: text, password: text });
const AclBody = z.object({
  username: text,
  topic: text,
  action: z.enum(['publish', 'subscribe']),
  /** EMQX writes placeholders as text unless the template says otherwise. */
  retain: z.union([z.boolean(), z.enum(['true', 'false', '0', '1', 'undefined', ''])]).optional(),
});

/** What EMQX 5.8's HTTP authenticator reads (docs.emqx.com, "Use HTTP Service", v5.8). */
export interface BrokerAuthAnswer {
  readonly result: 'allow' | 'deny';
  readonly is_superuser: boolean;
  /** Unix seconds; the broker closes the session then. */
  readonly expire_at?: number;
}

/** What EMQX 5.8's HTTP authorizer reads. */
export interface BrokerAclAnswer {
  readonly result: 'allow' | 'deny';
}

export interface BrokerHttp {
  /** Answers the body `{ clientid, username, password }`; the HTTP status is always 200, or EMQX ignores it. */
  handleBrokerAuth(body: unknown): BrokerAuthAnswer;
  /** Answers the body `{ username, topic, action, retain }`; EMQX allows what is not denied, so strangers are denied. */
  handleBrokerAcl(body: unknown): BrokerAclAnswer;
}

export interface BrokerHttpOptions {
  readonly networkId: string;
  readonly validator: Uint8Array;
}

export interface BrokerHttpModules {
  readonly judgeLogin: (attempt: LoginAttempt) => LoginJudgement;
  readonly verify: VerifySignature;
  readonly clock: Clock;
  readonly metrics: IntakeMetrics;
}

/** The login and the topic rights of the embedded broker, for an external one that asks over HTTP. */
export function createBrokerHttp(options: BrokerHttpOptions, modules: BrokerHttpModules): BrokerHttp {
  const { networkId, validator } = options;
  const { judgeLogin, verify, clock, metrics } = modules;
  const validatorId = formatId('validator', validator);
  const isOracle = (username: string, password: string): boolean => {
    const expected = { networkId, validator, hotspot: validator, nowMs: clock.now() };
    return username === validatorId && verifyLoginToken(password, expected, verify).ok;
  };
  return {
    handleBrokerAuth(body) {
      const parsed = AuthBody.safeParse(body);
      if (!parsed.success) return { result: 'deny', is_superuser: false };
      const { clientid, username, password } = parsed.data;
      if (isOracle(username, password)) return { result: 'allow', is_superuser: true };
      const judgement = judgeLogin({ username, password, clientId: clientid });
      metrics.logins.labels(judgement.outcome).inc();
      if (judgement.outcome !== 'accepted') return { result: 'deny', is_superuser: false };
      const expiresAt = Math.floor(judgement.claims.expiresAtMs / MS_PER_SECOND);
      return { result: 'allow', is_superuser: false, expire_at: expiresAt };
    },
    handleBrokerAcl(body) {
      const parsed = AclBody.safeParse(body);
      if (!parsed.success) return { result: 'deny' };
      const { username, topic, action, retain } = parsed.data;
      const isRetained = action === 'publish' && (retain === true || retain === 'true' || retain === '1');
      if (!isRetained && isTopicAllowed(action, topic, networkId, username)) return { result: 'allow' };
      metrics.forbidden.labels(action).inc();
      return { result: 'deny' };
    },
  };
}
