import { connect, type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import type { Cancel, Clock } from '../clock.ts';
import type { Signer } from '../crypto/native-ed25519.ts';
import type { PinnedValidator } from '../network/network-facts.ts';
import {
  createLoginToken,
  epochTopic,
  receiptTopic,
  reportTopic,
  roundTopic,
  unixMs,
  verdictTopic,
} from '../protocol/index.ts';
import type { RandomSource } from '../random.ts';
import { backoffMs } from './backoff.ts';
import { adviseOnConnection } from './connection-advice.ts';

export interface MqttSessionOptions {
  readonly networkId: string;
  /** `hs1…` or `sv1…`: user name and client id. */
  readonly participantId: string;
  readonly validator: PinnedValidator;
  /** PEM of the authority that signed the broker's certificate; absent = the system's authorities. */
  readonly ca?: Buffer;
}

/** What a session tells; called in order, must not throw. */
interface MqttSessionListener {
  connected(): void;
  receiptArrived(bytes: Uint8Array): void;
  verdictArrived(bytes: Uint8Array): void;
  /** `isRetained`: the broker kept it from an earlier moment, its time says nothing about now. */
  roundArrived(bytes: Uint8Array, isRetained: boolean): void;
  epochArrived(bytes: Uint8Array): void;
  /** The broker knows us but does not let us in. Told at every second refusal in a row: one may be a matter of timing. */
  loginRefused(): void;
}

export interface MqttSessionModules {
  /** The protocol's time: tokens expire by it. */
  readonly clock: Clock;
  /** Real time: reconnecting is a matter of the transport. */
  readonly timers: Clock;
  readonly random: RandomSource;
  readonly signer: Signer;
  readonly logger: Logger;
  readonly listener: MqttSessionListener;
  /** Brings a token to a broker that cannot judge it by itself; asked before each login there. */
  readonly bringToken?: (token: string) => Promise<void>;
}

/** Shorter than the 10 minutes allowed, so that a clock may be 2 minutes fast. */
const TOKEN_LIFETIME_MS = 8 * 60_000;
/** The broker closes the session when the token expires; a new one is made this long before. */
const RENEW_BEFORE_MS = 60_000;
const CONNECT_TIMEOUT_MS = 15_000;
const KEEPALIVE_S = 30;
/** A connection that lived this long was a good one: the next try comes at once. */
const GOOD_CONNECTION_MS = 5_000;
/** The first failure may be a matter of timing. */
const TOLD_AT_ATTEMPT = 2;
const BACKOFF = { firstMs: 500, longestMs: 60_000 };

/** CONNACK return codes of MQTT 3.1.1, §3.2.2.3, that say no to the login itself. */
const LOGIN_REFUSED: ReadonlySet<unknown> = new Set([2, 4, 5]);

export interface MqttSessionStatus {
  readonly validatorId: string;
  readonly connected: boolean;
  readonly connects: number;
  readonly loginRefusals: number;
  /** Why there is no connection, in words; absent while there is one. */
  readonly problem?: string;
}

/**
 * One participant's session at one validator's broker: logs in with a fresh token each time, comes back by itself, and
 * renews before the token expires. It delivers nothing by itself: what must not be lost is in the outbox.
 */
export class MqttSession {
  readonly #options: MqttSessionOptions;
  readonly #modules: MqttSessionModules;
  #client: MqttClient | undefined;
  #isBringingToken = false;
  #isConnected = false;
  #isStopped = true;
  #attempt = 0;
  #connectedAtMs = 0;
  #connects = 0;
  #loginRefusals = 0;
  #refusedInARow = 0;
  #problem: string | undefined = 'not started';
  #retry: Cancel | undefined;
  #renewal: Cancel | undefined;

  constructor(options: MqttSessionOptions, modules: MqttSessionModules) {
    this.#options = options;
    this.#modules = modules;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  start(): void {
    this.#isStopped = false;
    this.#connect();
  }

  /** Resolves when the connection is closed, with what was handed over sent if the broker still listens. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#retry?.();
    this.#renewal?.();
    const client = this.#client;
    this.#client = undefined;
    this.#isConnected = false;
    if (client) await client.endAsync(!client.connected).catch(() => undefined);
  }

  /** Connects now when it was waiting to. */
  hurry(): void {
    if (!this.#isStopped && !this.#client && !this.#isBringingToken) this.#connect();
  }

  /** Hands one envelope to the broker if there is a session. Only a receipt tells that it arrived. */
  publishReport(envelope: Uint8Array): void {
    const { networkId, participantId } = this.#options;
    if (!this.#isConnected) return;
    const bytes = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.length);
    this.#client?.publish(reportTopic(networkId, participantId), bytes, { qos: 1 }, (error) => {
      if (error) this.#modules.logger.debug({ err: error }, 'a report was not acknowledged by the broker');
    });
  }

  status(): MqttSessionStatus {
    const base = { connects: this.#connects, loginRefusals: this.#loginRefusals, connected: this.#isConnected };
    const problem = this.#isConnected || this.#problem === undefined ? {} : { problem: this.#problem };
    return { validatorId: this.#options.validator.id, ...base, ...problem };
  }

  #connect(): void {
    this.#retry?.();
    this.#renewal?.();
    const { clock, signer, bringToken } = this.#modules;
    const { networkId, validator } = this.#options;
    const expiresAtMs = unixMs(clock.now() + TOKEN_LIFETIME_MS);
    const claims = { validator: validator.logKey, hotspot: signer.publicKey, expiresAtMs };
    const token = createLoginToken(networkId, claims, (message) => signer.sign(message));
    this.#renewal = clock.at(unixMs(expiresAtMs - RENEW_BEFORE_MS), () => this.#renew());
    if (!validator.needsBrokerSession || !bringToken) this.#login(token);
    else void this.#bringAndLogin(token, bringToken);
  }

  async #bringAndLogin(token: string, bringToken: (token: string) => Promise<void>): Promise<void> {
    this.#isBringingToken = true;
    try {
      await bringToken(token);
      this.#isBringingToken = false;
      if (!this.#isStopped) this.#login(token);
    } catch (error) {
      this.#isBringingToken = false;
      this.#problem = error instanceof Error ? error.message : String(error);
      this.#renewal?.();
      this.#tryAgain(false);
    }
  }

  #login(token: string): void {
    const { participantId, validator, ca } = this.#options;
    const client = connect(validator.brokerUrl, {
      protocolVersion: 4,
      clean: true,
      clientId: participantId,
      username: participantId,
      password: token,
      reconnectPeriod: 0,
      connectTimeout: CONNECT_TIMEOUT_MS,
      keepalive: KEEPALIVE_S,
      queueQoSZero: false,
      ...(ca === undefined ? {} : { ca }),
    });
    this.#client = client;
    client.on('connect', () => this.#onConnect(client));
    client.on('message', (topic, payload, { retain }) => this.#onMessage(topic, payload, retain === true));
    client.on('error', (error) => this.#onError(client, error));
    client.on('close', () => this.#onClose(client));
    this.#modules.logger.debug({ broker: validator.brokerUrl }, 'connecting');
  }

  #onConnect(client: MqttClient): void {
    if (client !== this.#client) return;
    const { networkId, participantId } = this.#options;
    const topics = [
      receiptTopic(networkId, participantId),
      verdictTopic(networkId, participantId),
      roundTopic(networkId),
      epochTopic(networkId),
    ];
    client.subscribe(topics, { qos: 1 }, (error, granted) => {
      if (client !== this.#client) return;
      if (error || granted?.some(({ qos }) => qos === 128)) {
        this.#problem = 'the broker does not let us read our own topics';
        this.#modules.logger.error({ err: error, granted }, this.#problem);
        client.end(true);
        return;
      }
      this.#isConnected = true;
      this.#connectedAtMs = this.#modules.timers.now();
      this.#refusedInARow = 0;
      this.#problem = undefined;
      this.#connects++;
      this.#modules.logger[this.#connects === 1 ? 'info' : 'debug'](
        { broker: this.#options.validator.brokerUrl },
        'connected',
      );
      this.#modules.listener.connected();
    });
  }

  #onMessage(topic: string, payload: Buffer, isRetained: boolean): void {
    const { listener } = this.#modules;
    const { networkId, participantId } = this.#options;
    const bytes = new Uint8Array(payload.buffer, payload.byteOffset, payload.length);
    if (topic === receiptTopic(networkId, participantId)) listener.receiptArrived(bytes);
    else if (topic === verdictTopic(networkId, participantId)) listener.verdictArrived(bytes);
    else if (topic === roundTopic(networkId)) listener.roundArrived(bytes, isRetained);
    else if (topic === epochTopic(networkId)) listener.epochArrived(bytes);
  }

  #onError(client: MqttClient, error: Error): void {
    if (client !== this.#client) return;
    const { validator, ca } = this.#options;
    this.#problem = adviseOnConnection(error, { brokerUrl: validator.brokerUrl, hasOwnAuthority: ca !== undefined });
    if (!('code' in error) || !LOGIN_REFUSED.has(error.code)) return;
    this.#loginRefusals++;
    this.#refusedInARow++;
    if (this.#refusedInARow % 2 === 0) this.#modules.listener.loginRefused();
  }

  #onClose(client: MqttClient): void {
    if (client !== this.#client) return;
    const wasConnected = this.#isConnected;
    this.#isConnected = false;
    this.#client = undefined;
    this.#renewal?.();
    if (this.#isStopped) return;
    this.#problem ??= 'the broker closed the connection';
    const livedMs = this.#modules.timers.now() - this.#connectedAtMs;
    if (wasConnected) this.#modules.logger.debug({ problem: this.#problem }, 'connection lost');
    this.#tryAgain(wasConnected && livedMs >= GOOD_CONNECTION_MS);
  }

  /** At once after a good connection, else after a pause that grows. */
  #tryAgain(wasGood: boolean): void {
    if (this.#isStopped) return;
    const { timers, random, logger } = this.#modules;
    if (wasGood) this.#attempt = 0;
    const waitMs = wasGood ? 0 : backoffMs(BACKOFF, this.#attempt++, random);
    // Once for each time without a connection. Why a login is refused is found out by whoever listens.
    if (this.#attempt === TOLD_AT_ATTEMPT && this.#refusedInARow === 0) {
      const broker = this.#options.validator.brokerUrl;
      logger.warn(
        { broker },
        `no connection; reports wait in the outbox, and it is tried again. The reason: ${this.#problem}`,
      );
    }
    logger.debug({ problem: this.#problem, waitMs }, 'connecting again');
    this.#retry = timers.at(unixMs(timers.now() + waitMs), () => this.hurry());
  }

  /** The old connection is closed only to open the new one: what was under way is sent again by the outbox. */
  #renew(): void {
    const old = this.#client;
    this.#client = undefined;
    this.#isConnected = false;
    old?.end(true);
    if (!this.#isStopped) this.#connect();
  }
}
