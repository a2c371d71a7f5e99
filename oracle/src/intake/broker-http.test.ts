import { createManualClock } from '@sextant/firmware-bridge/clock';
import { createSeedSigner, fastVerifySignature, type Signer } from '@sextant/firmware-bridge/native-ed25519';
import {
  createLoginToken,
  formatId,
  receiptTopic,
  reportTopic,
  roundTopic,
  unixMs,
} from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createBrokerHttp } from './broker-http.ts';
import { createBrokerSessions } from './broker-sessions.ts';
import { createIntakeMetrics } from './intake-metrics.ts';
import { createLogin } from './login.ts';

const NOW_MS = 1_700_000_000_000;
const networkId = 'test';
const validator = createSeedSigner(new Uint8Array(32).fill(1));
const anna = createSeedSigner(new Uint8Array(32).fill(2));
const stranger = createSeedSigner(new Uint8Array(32).fill(3));
const idOf = (signer: Signer): string => formatId('hotspot', signer.publicKey);

const clock = createManualClock(unixMs(NOW_MS));
const metrics = createIntakeMetrics(new Registry());
const identity = { networkId, validator: validator.publicKey };
const find = (key: Uint8Array) =>
  Buffer.compare(key, anna.publicKey) === 0 ? { kind: 'hotspot' as const } : undefined;
const judgeLogin = createLogin(identity, { knownKeys: { find }, clock, verify: fastVerifySignature });
const http = createBrokerHttp(identity, { judgeLogin, verify: fastVerifySignature, clock, metrics });

function token(signer: Signer, changes: { lifetimeMs?: number; validator?: Uint8Array } = {}): string {
  const expiresAtMs = unixMs(NOW_MS + (changes.lifetimeMs ?? 60_500));
  const claims = { validator: changes.validator ?? validator.publicKey, hotspot: signer.publicKey, expiresAtMs };
  return createLoginToken(networkId, claims, (message) => signer.sign(message));
}

const login = (id: string, password: string, clientid = id) => ({ clientid, username: id, password });
const denied = { result: 'deny', is_superuser: false };

describe('the login for EMQX', () => {
  it('lets a known hotspot in until the second its token expires', () => {
    expect(http.handleBrokerAuth(login(idOf(anna), token(anna)))).toEqual({
      result: 'allow',
      is_superuser: false,
      expire_at: Math.floor(NOW_MS / 1_000) + 60,
    });
  });

  it('denies every other login, whatever the body', () => {
    expect(http.handleBrokerAuth(login(idOf(stranger), token(stranger)))).toEqual(denied);
    expect(http.handleBrokerAuth(login(idOf(anna), token(stranger)))).toEqual(denied);
    expect(http.handleBrokerAuth(login(idOf(anna), token(anna, { lifetimeMs: -1 })))).toEqual(denied);
    expect(http.handleBrokerAuth(login(idOf(anna), token(anna, { validator: anna.publicKey })))).toEqual(denied);
    expect(http.handleBrokerAuth(login(idOf(anna), token(anna), 'another'))).toEqual(denied);
    fc.assert(fc.property(fc.anything(), (body) => http.handleBrokerAuth(body).result === 'deny'));
  });

  it('lets the oracle in as superuser with a token of its own, and nobody who names it', () => {
    const id = formatId('validator', validator.publicKey);
    expect(http.handleBrokerAuth(login(id, token(validator)))).toEqual({ result: 'allow', is_superuser: true });
    expect(http.handleBrokerAuth(login(id, token(anna)))).toEqual(denied);
    expect(http.handleBrokerAuth(login(id, token(validator, { lifetimeMs: -1 })))).toEqual(denied);
  });
});

describe('the topic rights for EMQX', () => {
  const may = (action: string, topic: string, retain: unknown = 'false', username = idOf(anna)): string =>
    http.handleBrokerAcl({ username, topic, action, retain }).result;

  it('are those of the embedded broker', () => {
    expect(may('publish', reportTopic(networkId, idOf(anna)))).toBe('allow');
    expect(may('publish', reportTopic(networkId, idOf(anna)), 'true')).toBe('deny');
    expect(may('publish', reportTopic(networkId, idOf(anna)), true)).toBe('deny');
    expect(may('publish', reportTopic(networkId, idOf(stranger)))).toBe('deny');
    expect(may('publish', roundTopic(networkId))).toBe('deny');
    expect(may('subscribe', receiptTopic(networkId, idOf(anna)))).toBe('allow');
    expect(may('subscribe', roundTopic(networkId))).toBe('allow');
    expect(may('subscribe', receiptTopic(networkId, idOf(stranger)))).toBe('deny');
    expect(may('subscribe', reportTopic(networkId, '+'))).toBe('deny');
    expect(may('subscribe', '#')).toBe('deny');
    expect(may('subscribe', '$share/g/#')).toBe('deny');
  });

  it('deny whatever is no such question', () => {
    fc.assert(fc.property(fc.anything(), (body) => http.handleBrokerAcl(body).result === 'deny'));
  });
});

describe('sessions at a broker with accounts', () => {
  const opened: string[] = [];
  const accounts = {
    allow: (id: string): Promise<void> => {
      if (opened.length > 0) return Promise.reject(new Error('busy'));
      opened.push(id);
      return Promise.resolve();
    },
  };
  const session = createBrokerSessions({ judgeLogin, accounts, metrics });

  it('open for a good token only, and say why not', async () => {
    expect(await session({ id: idOf(anna), token: 'x' })).toEqual({ status: 403, body: { reason: 'malformed_token' } });
    expect(await session({ id: idOf(stranger), token: token(stranger) })).toMatchObject({ status: 403 });
    expect(await session({ token: 3 })).toEqual({ status: 400, body: { reason: 'bad_request' } });
    expect(opened).toEqual([]);
    const good = { id: idOf(anna), token: token(anna) };
    expect(await session(good)).toEqual({ status: 200, body: { expiresAtMs: NOW_MS + 60_500 } });
    expect(opened).toEqual([idOf(anna)]);
    expect(await session(good)).toEqual({ status: 503, body: { reason: 'broker_busy' } });
  });
});
