import type { ChainView } from './api/index.ts';
import type { BrokerQuestions, LiveFeed, OpenBrokerSession } from './http/index.ts';
import type { OracleBus, RunningIntake } from './intake/index.ts';
import type { OracleBroker } from './oracle-options.ts';
import type { RunningSettlement } from './settlement/index.ts';

/**
 * What others need before it is there. The HTTP server opens before the broker, because an external broker asks it about
 * the very first login; until then nobody reads what is published, and strangers are denied.
 */
export class LateParts {
  readonly bus: OracleBus = {
    publishVerdict: (id, bytes) => this.intake?.bus.publishVerdict(id, bytes),
    publishRound: (bytes) => this.intake?.bus.publishRound(bytes),
    publishEpoch: (bytes) => this.intake?.bus.publishEpoch(bytes),
  };
  /** Why the last entry could not be logged; undefined when it could. */
  logTrouble: string | undefined;
  intake: RunningIntake | undefined;
  feed: LiveFeed | undefined;
  settlement: RunningSettlement | undefined;
  /** Where it settles, for the website. */
  chain: ChainView | undefined;
  readonly #broker: OracleBroker;
  readonly #mqttUrl: string | undefined;
  #questions: BrokerQuestions | undefined;

  constructor(broker: OracleBroker, mqttUrl: string | undefined) {
    this.#broker = broker;
    this.#mqttUrl = mqttUrl;
  }

  answerQuestions(questions: BrokerQuestions): void {
    this.#questions = questions;
  }

  /** What the HTTP server of this kind of broker needs. */
  questions(): { brokerQuestions?: BrokerQuestions; openBrokerSession?: OpenBrokerSession } {
    const denied = { result: 'deny', is_superuser: false };
    switch (this.#broker.kind) {
      case 'embedded':
        return {};
      case 'emqx':
        return {
          brokerQuestions: {
            handleBrokerAuth: (body) => this.#questions?.handleBrokerAuth(body) ?? denied,
            handleBrokerAcl: (body) => this.#questions?.handleBrokerAcl(body) ?? denied,
          },
        };
      case 'mosquitto':
        return {
          openBrokerSession: async (body) =>
            (await this.intake?.handleBrokerSession?.(body)) ?? { status: 503, body: { reason: 'not_ready' } },
        };
    }
  }

  /** What bridges connect to. */
  brokerUrl(): string {
    if (this.#mqttUrl !== undefined) return this.#mqttUrl;
    if (this.#broker.kind !== 'embedded') return this.#broker.url;
    const { host, port, tls } = this.#broker;
    return `${tls ? 'mqtts' : 'mqtt'}://${host}:${this.intake?.port ?? port}`;
  }

  /** Notes whether the log takes entries. */
  watch<Appended>(appending: Promise<Appended>): Promise<Appended> {
    appending.then(
      () => {
        this.logTrouble = undefined;
      },
      (error: unknown) => {
        this.logTrouble = error instanceof Error ? error.message : String(error);
      },
    );
    return appending;
  }
}
