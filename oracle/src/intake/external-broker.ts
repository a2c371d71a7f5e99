import {
  epochTopic,
  parseTopic,
  receiptTopic,
  reportTopic,
  roundTopic,
  verdictTopic,
} from '@sextant/firmware-bridge/protocol';
import mqtt, { type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import type { AnswerChannel, OracleBus, ReportEntrance } from './ports.ts';

/** Messages taken from the broker and not answered yet; more wait at the broker. */
const OPEN_MAX = 1_024;
const RECONNECT_MS = 1_000;
const NOT_SUBSCRIBED = 128;

export interface ExternalBrokerOptions {
  readonly networkId: string;
  /** `mqtt://…` or `mqtts://…`. */
  readonly url: string;
  /** How long the start waits for the broker, milliseconds. */
  readonly connectMs: number;
}

export interface BrokerLogin {
  readonly username: string;
  readonly password: string;
}

export interface ExternalBrokerModules {
  /** Name and password for each new connection: a login token of the validator, or an account of the broker. */
  readonly credentials: () => BrokerLogin;
  readonly logger: Logger;
}

/**
 * A broker in another process, over MQTT 5. Intake processes share one subscription where the broker has shared ones.
 * The PUBACK to such a broker only says that the message was taken: what is stored is what has a receipt.
 */
export class ExternalBroker implements AnswerChannel, OracleBus {
  readonly #options: ExternalBrokerOptions;
  readonly #modules: ExternalBrokerModules;
  readonly #waiting: (() => void)[] = [];
  #client: MqttClient | undefined;
  #entrance: ReportEntrance | undefined;
  #open = 0;

  constructor(options: ExternalBrokerOptions, modules: ExternalBrokerModules) {
    this.#options = options;
    this.#modules = modules;
  }

  /**
   * Connects, subscribes to every participant's reports and hands them to `entrance`; again after every interruption.
   * Returns the broker's port.
   */
  async start(entrance: ReportEntrance): Promise<number> {
    this.#entrance = entrance;
    const { url, connectMs } = this.#options;
    const { logger, credentials } = this.#modules;
    const options: IClientOptions = {
      ...credentials(),
      protocolVersion: 5,
      clientId: credentials().username,
      clean: true,
      reconnectPeriod: RECONNECT_MS,
      reconnectOnConnackError: true,
      resubscribe: false,
      queueQoSZero: false,
      connectTimeout: connectMs,
    };
    const client = mqtt.connect(url, options);
    this.#client = client;
    client.handleMessage = (packet, taken) => this.#take(packet, taken);
    client.on('close', () => Object.assign(client.options, credentials()));
    client.on('error', (error) => logger.warn({ err: error, url }, 'the MQTT broker and this oracle disagree'));
    client.on('offline', () => logger.warn({ url }, 'the MQTT broker is out of reach; trying again'));
    await this.#firstSubscription(client);
    return portOf(url);
  }

  async close(): Promise<void> {
    await this.#client?.endAsync(false);
  }

  send(participantId: string, receiptMessage: Uint8Array): void {
    this.#publish(receiptTopic(this.#options.networkId, participantId), receiptMessage, false);
  }

  publishVerdict(participantId: string, bytes: Uint8Array): void {
    this.#publish(verdictTopic(this.#options.networkId, participantId), bytes, false);
  }

  publishRound(bytes: Uint8Array): void {
    this.#publish(roundTopic(this.#options.networkId), bytes, true);
  }

  publishEpoch(bytes: Uint8Array): void {
    this.#publish(epochTopic(this.#options.networkId), bytes, true);
  }

  /** What is retained is kept until the broker has it; an answer that gets lost is asked for again. */
  #publish(topic: string, payload: Uint8Array, retain: boolean): void {
    this.#client?.publish(topic, Buffer.from(payload), { qos: retain ? 1 : 0, retain }, (error) => {
      if (error) this.#modules.logger.debug({ err: error, topic }, 'not published');
    });
  }

  /**
   * Waits for the first subscription, but not for ever: a broker that starts later, or that asks this very oracle about
   * its login, is no reason not to start.
   */
  async #firstSubscription(client: MqttClient): Promise<void> {
    const { url, connectMs } = this.#options;
    const { logger } = this.#modules;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        logger.error(
          { url },
          'the MQTT broker lets nothing through yet: check its address, that it runs, and its login',
        );
        resolve();
      }, connectMs);
      client.on('connect', () => {
        void this.#subscribe(client).then(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    });
  }

  async #subscribe(client: MqttClient): Promise<void> {
    const everyReport = reportTopic(this.#options.networkId, '+');
    const [granted] = await grantOf(client, `$share/intake/${everyReport}`);
    if (granted !== undefined && granted < NOT_SUBSCRIBED) return;
    const [plain] = await grantOf(client, everyReport);
    const { logger } = this.#modules;
    if (plain !== undefined && plain < NOT_SUBSCRIBED) {
      logger.info('the MQTT broker has no shared subscriptions: only one intake process can use it');
      return;
    }
    logger.error(
      { topic: everyReport },
      'the MQTT broker does not let this oracle read reports: give its login that right',
    );
  }

  /** Calls `taken`, and so lets the next message come, while there is room. */
  #take(packet: IPublishPacket, taken: () => void): void {
    const topic = parseTopic(packet.topic);
    if (topic?.kind !== 'report' || topic.networkId !== this.#options.networkId) {
      taken();
      return;
    }
    this.#open += 1;
    this.#entrance?.submit(topic.hotspotId, packet.payload as Buffer, () => {
      this.#open -= 1;
      this.#waiting.shift()?.();
    });
    if (this.#open < OPEN_MAX) taken();
    else this.#waiting.push(taken);
  }
}

const MQTT_PORT = 1_883;
const MQTTS_PORT = 8_883;

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'mqtts:' ? MQTTS_PORT : MQTT_PORT) : Number(port);
}

/** The granted QoS, 128 and more for a refusal. */
async function grantOf(client: MqttClient, filter: string): Promise<number[]> {
  try {
    const grants = await client.subscribeAsync(filter, { qos: 1, rh: 2 });
    return grants.map((grant) => grant.qos);
  } catch {
    return [];
  }
}
