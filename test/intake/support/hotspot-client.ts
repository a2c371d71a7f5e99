import { fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import {
  decodeEnvelope,
  decodeReceiptMessage,
  payloadHash,
  type Receipt,
  type Refusal,
  receiptTopic,
  refusalMessage,
  reportTopic,
  verifyReceipt,
} from '@sextant/firmware-bridge/protocol';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { NETWORK_ID, ORIGIN, type TestHotspot, validator } from './participants.ts';

export interface LoginTerms {
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
}

/** Logs in with a real MQTT 3.1.1 client that does not come back by itself. Rejects when it is not let in. */
export async function connect(url: string, login: LoginTerms, options: IClientOptions = {}): Promise<MqttClient> {
  const client = mqtt.connect(url, { ...login, protocolVersion: 4, reconnectPeriod: 0, ...options });
  client.on('error', () => undefined);
  return new Promise((resolve, reject) => {
    client.once('connect', () => resolve(client));
    client.once('error', (error) => {
      client.end(true);
      reject(error);
    });
    client.once('close', () => reject(new Error('closed before it was let in')));
  });
}

/** Resolves when the connection has ended, whoever ended it. */
export function closing(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once('close', () => resolve()));
}

type Answer = Receipt | Refusal;

/** A hotspot at the broker that can send batches and wait for what the oracle says about them. */
export class HotspotClient {
  readonly hotspot: TestHotspot;
  readonly mqtt: MqttClient;
  readonly answers: Answer[] = [];
  readonly #waiting = new Map<string, ((answer: Answer) => void)[]>();

  private constructor(hotspot: TestHotspot, client: MqttClient) {
    this.hotspot = hotspot;
    this.mqtt = client;
    client.on('message', (topic, message) => {
      if (topic === receiptTopic(NETWORK_ID, hotspot.id)) this.#receive(new Uint8Array(message));
    });
  }

  static async open(
    url: string,
    hotspot: TestHotspot,
    password: string,
    options: IClientOptions = {},
  ): Promise<HotspotClient> {
    const client = await connect(url, { username: hotspot.id, clientId: hotspot.id, password }, options);
    const opened = new HotspotClient(hotspot, client);
    await client.subscribeAsync(receiptTopic(NETWORK_ID, hotspot.id), { qos: 1 });
    return opened;
  }

  /** Publishes with QoS 1 and waits for the answer about exactly this message. */
  async send(envelope: Uint8Array): Promise<Answer> {
    const decoded = decodeEnvelope(envelope);
    const hash = payloadHash(decoded.ok ? decoded.value.payload : envelope);
    const answered = this.answerTo(hash);
    await this.publish(envelope);
    return answered;
  }

  async publish(envelope: Uint8Array): Promise<void> {
    await this.mqtt.publishAsync(reportTopic(NETWORK_ID, this.hotspot.id), Buffer.from(envelope), { qos: 1 });
  }

  /** The next answer that names this hash. */
  answerTo(hash: Uint8Array): Promise<Answer> {
    const key = Buffer.from(hash).toString('hex');
    return new Promise((resolve) => {
      this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), resolve]);
    });
  }

  async close(): Promise<void> {
    if (!this.mqtt.connected) {
      this.mqtt.end(true);
      return;
    }
    const closed = closing(this.mqtt);
    this.mqtt.end(true);
    await closed;
  }

  #receive(message: Uint8Array): void {
    const decoded = decodeReceiptMessage(message);
    if (!decoded.ok) throw new Error(`an answer cannot be read: ${decoded.reason}`);
    this.answers.push(decoded.value);
    const key = Buffer.from(decoded.value.payloadHash).toString('hex');
    this.#waiting.get(key)?.shift()?.(decoded.value);
  }
}

/** What an answer proves about a batch: `receipt <leaf>`, or the reason of a refusal signed for this receiver. */
export function meaningOf(envelope: Uint8Array, answer: Answer, receiver: TestHotspot): string {
  if (answer.kind === 'receipt') {
    const expected = { origin: ORIGIN, validatorKey: validator.publicKey };
    const verdict = verifyReceipt(envelope, answer, expected, fastVerifySignature);
    return verdict.ok ? `receipt ${answer.leafIndex}` : `receipt that fails: ${verdict.reason}`;
  }
  const signed = refusalMessage(NETWORK_ID, receiver.signer.publicKey, answer);
  const isGood = fastVerifySignature(answer.signature, signed, validator.publicKey);
  return isGood ? answer.reason : 'refusal that is not signed for its receiver';
}
