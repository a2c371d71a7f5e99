import type { Socket } from 'node:net';
import type { Cancel, Clock } from '@sextant/firmware-bridge/clock';
import { epochTopic, isTopicAllowed, roundTopic } from '@sextant/firmware-bridge/protocol';
import { Aedes, type AuthenticateError, type Client, type ConnectPacket, type PublishPacket } from 'aedes';
import type { Logger } from 'pino';
import { ConnectionLimits, type ConnectionLimitsOptions } from './connection-limits.ts';
import { GuardedConnection, type GuardTimeouts } from './guarded-connection.ts';
import type { IntakeMetrics } from './intake-metrics.ts';
import { type Listener, type ListenerOptions, listen } from './listener.ts';
import type { LoginAttempt, LoginJudgement, LoginOutcome } from './login.ts';
import { ParticipantSession } from './participant-session.ts';
import type { AnswerChannel, OracleBus, ReportEntrance } from './ports.ts';

export const DEFAULT_GUARD_TIMEOUTS: GuardTimeouts = { loginMs: 10_000, packetMs: 30_000 };

/** Who sends faster than it may is read more slowly: one socket buffer in this time. */
const THROTTLE_MS = 250;

export interface EmbeddedBrokerOptions extends Omit<ListenerOptions, 'maxConnections'> {
  readonly networkId: string;
  readonly connections: ConnectionLimitsOptions;
  readonly timeouts: GuardTimeouts;
}

export interface EmbeddedBrokerModules {
  readonly judgeLogin: (attempt: LoginAttempt) => LoginJudgement;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: IntakeMetrics;
}

/** Aedes without its fan-out for what participants publish: reports go to the intake and to nobody else. */
class ReportSink extends Aedes {
  override publish(packet: PublishPacket, client: unknown, done?: (error?: Error) => void): void {
    if (typeof client === 'object' && client !== null) done?.();
    else super.publish(packet, typeof client === 'function' ? (client as () => void) : () => undefined);
  }
}

/**
 * The MQTT 3.1.1 broker in this process. A report's PUBACK comes after its fsync, because the intake judges it inside
 * `authorizePublish`. Sessions are always clean: bridges subscribe anew and resend, so nothing is kept for the absent.
 */
export class EmbeddedBroker implements AnswerChannel, OracleBus {
  readonly #options: EmbeddedBrokerOptions;
  readonly #modules: EmbeddedBrokerModules;
  readonly #limits: ConnectionLimits;
  readonly #sessions = new Map<string, ParticipantSession>();
  readonly #wills = new WeakMap<Client, boolean>();
  readonly #aedes: Aedes;
  #entrance: ReportEntrance | undefined;
  #listener: Listener | undefined;

  constructor(options: EmbeddedBrokerOptions, modules: EmbeddedBrokerModules) {
    this.#options = options;
    this.#modules = modules;
    this.#limits = new ConnectionLimits(options.connections);
    this.#aedes = new ReportSink({
      concurrency: 0,
      connectTimeout: 2 * options.timeouts.loginMs,
      preConnect: (client, packet, done) => this.#examineConnect(client, packet, done),
      authenticate: (client, username, password, done) => {
        done(...this.#authenticate(client, username ?? '', password?.toString('latin1') ?? ''));
      },
      authorizePublish: (client, packet, done) => this.#authorizePublish(client, packet, done),
      authorizeSubscribe: (client, subscription, done) => {
        done(null, this.#maySubscribe(client, subscription.topic) ? subscription : null);
      },
    });
    this.#followSessions();
  }

  /** Opens the port and gives what arrives to `entrance`. Returns the port. */
  async start(entrance: ReportEntrance): Promise<number> {
    this.#entrance = entrance;
    await this.#aedes.listen();
    const { connections } = this.#options;
    const options = { ...this.#options, maxConnections: connections.total };
    this.#listener = await listen(options, (socket) => this.#accept(socket)).catch(async (error: unknown) => {
      await this.#closeAedes();
      throw error;
    });
    this.#modules.logger.info({ host: this.#options.host, port: this.#listener.port }, 'MQTT broker listens');
    return this.#listener.port;
  }

  async close(): Promise<void> {
    const stopped = this.#listener?.close();
    await this.#closeAedes();
    await stopped;
  }

  send(participantId: string, receiptMessage: Uint8Array): void {
    this.#sessions.get(participantId)?.sendReceipt(receiptMessage);
  }

  publishVerdict(participantId: string, bytes: Uint8Array): void {
    this.#sessions.get(participantId)?.sendVerdict(bytes);
  }

  publishRound(bytes: Uint8Array): void {
    this.#publishRetained(roundTopic(this.#options.networkId), bytes);
  }

  publishEpoch(bytes: Uint8Array): void {
    this.#publishRetained(epochTopic(this.#options.networkId), bytes);
  }

  #publishRetained(topic: string, bytes: Uint8Array): void {
    const packet = { cmd: 'publish', topic, payload: Buffer.from(bytes), qos: 0, retain: true, dup: false } as const;
    this.#aedes.publish(packet, () => undefined);
  }

  #accept(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const limit = this.#limits.enter(address);
    if (limit) {
      this.#modules.metrics.cutConnections.labels(limit).inc();
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    const connection = new GuardedConnection(socket, this.#options.timeouts, (reason) => {
      this.#modules.metrics.cutConnections.labels(reason).inc();
      this.#modules.logger.debug({ reason, address }, 'connection cut');
    });
    connection.once('close', () => this.#limits.leave(address));
    this.#aedes.handle(connection);
  }

  #examineConnect(client: Client, packet: ConnectPacket, done: (error: Error | null, success: boolean) => void): void {
    const { will, clientId } = packet;
    const mayLeaveWill = will && !will.retain && will.qos !== 2 && this.#isAllowed('publish', will.topic, clientId);
    if (will && !mayLeaveWill) this.#wills.set(client, true);
    packet.clean = true;
    done(null, true);
  }

  #authenticate(client: Client, username: string, password: string): [AuthenticateError | null, boolean] {
    const { judgeLogin, metrics, clock, logger } = this.#modules;
    const judgement = this.#wills.has(client)
      ? ({ outcome: 'foreign_will' } as const)
      : judgeLogin({ username, password, clientId: client.id });
    metrics.logins.labels(judgement.outcome).inc();
    if (judgement.outcome !== 'accepted') {
      logger.debug({ outcome: judgement.outcome, username: username.slice(0, 64) }, 'login refused');
      return [loginError(judgement.outcome), false];
    }
    const connection = client.conn as GuardedConnection;
    connection.allowLargePackets();
    const session = new ParticipantSession(this.#options.networkId, client.id, client, connection);
    const cancelExpiry = clock.at(judgement.claims.expiresAtMs, () => client.close());
    connection.once('close', () => this.#forget(session, cancelExpiry));
    this.#sessions.set(client.id, session);
    metrics.sessions.set(this.#sessions.size);
    return [null, true];
  }

  /** A newer session of the same participant stays. */
  #forget(session: ParticipantSession, cancelExpiry: Cancel): void {
    cancelExpiry();
    if (this.#sessions.get(session.id) === session) this.#sessions.delete(session.id);
    this.#modules.metrics.sessions.set(this.#sessions.size);
  }

  #followSessions(): void {
    const { logger } = this.#modules;
    const sessionOf = (client: Client): ParticipantSession | undefined => {
      const session = this.#sessions.get(client.id);
      return session?.client === client ? session : undefined;
    };
    this.#aedes.on('subscribe', (subscriptions, client) => {
      for (const { topic, qos } of subscriptions) if (qos < 128) sessionOf(client)?.subscribed(topic);
    });
    this.#aedes.on('unsubscribe', (topics, client) => {
      for (const topic of topics) sessionOf(client)?.unsubscribed(topic);
    });
    const ended = (client: Client, error: Error): void => {
      logger.debug({ err: error, participantId: client.id }, 'MQTT connection ended');
    };
    this.#aedes.on('clientError', ended);
    this.#aedes.on('connectionError', ended);
  }

  #authorizePublish(client: Client | null, packet: PublishPacket, done: (error?: Error | null) => void): void {
    const session = client && this.#sessions.get(client.id);
    if (!session || packet.topic !== session.reportTopic || packet.retain || packet.qos === 2) {
      this.#modules.metrics.forbidden.labels('publish').inc();
      done(new Error('a participant publishes on its own report topic only, not retained, with QoS 0 or 1'));
      return;
    }
    this.#entrance?.submit(session.id, packet.payload as Buffer, (outcome) => {
      if (outcome === 'rate_exceeded') setTimeout(done, THROTTLE_MS);
      else done();
    });
  }

  #maySubscribe(client: Client, topic: string): boolean {
    const allowed = this.#isAllowed('subscribe', topic, client.id);
    if (!allowed) this.#modules.metrics.forbidden.labels('subscribe').inc();
    return allowed;
  }

  #isAllowed(access: 'publish' | 'subscribe', topic: string, id: string): boolean {
    return isTopicAllowed(access, topic, this.#options.networkId, id);
  }

  async #closeAedes(): Promise<void> {
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
  }
}

const NOT_AUTHORIZED = 5;
const BAD_USERNAME_OR_PASSWORD = 4;

/** CONNACK return codes of MQTT 3.1.1 section 3.2.2.3: 4 asks for a better token, 5 says that none will help. */
function loginError(outcome: Exclude<LoginOutcome, 'accepted'>): AuthenticateError {
  const hopeless = outcome === 'unknown_key' || outcome === 'foreign_will' || outcome === 'other_client_id';
  return Object.assign(new Error(outcome), { returnCode: hopeless ? NOT_AUTHORIZED : BAD_USERNAME_OR_PASSWORD });
}
