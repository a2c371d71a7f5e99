import { receiptTopic, reportTopic, verdictTopic } from '@sextant/firmware-bridge/protocol';
import type { Client } from 'aedes';
import type { GuardedConnection } from './guarded-connection.ts';

/** Who does not read this much is cut off: it would be kept in memory. */
const UNREAD_MAX_BYTES = 4 * 1024 * 1024;
const PUBLISH_QOS_0 = 0x30;

/** One logged-in participant on the embedded broker. */
export class ParticipantSession {
  readonly id: string;
  readonly client: Client;
  readonly reportTopic: string;
  readonly #connection: GuardedConnection;
  readonly #answerTopics: ReadonlyMap<string, Buffer>;
  readonly #receiptTopic: string;
  readonly #verdictTopic: string;
  readonly #subscribed = new Set<string>();

  constructor(networkId: string, id: string, client: Client, connection: GuardedConnection) {
    this.id = id;
    this.client = client;
    this.reportTopic = reportTopic(networkId, id);
    this.#connection = connection;
    this.#receiptTopic = receiptTopic(networkId, id);
    this.#verdictTopic = verdictTopic(networkId, id);
    this.#answerTopics = new Map([this.#receiptTopic, this.#verdictTopic].map((topic) => [topic, topicHeader(topic)]));
  }

  subscribed(topic: string): void {
    this.#subscribed.add(topic);
  }

  unsubscribed(topic: string): void {
    this.#subscribed.delete(topic);
  }

  sendReceipt(bytes: Uint8Array): void {
    this.#send(this.#receiptTopic, bytes);
  }

  sendVerdict(bytes: Uint8Array): void {
    this.#send(this.#verdictTopic, bytes);
  }

  /**
   * Writes a whole QoS 0 PUBLISH packet past the broker library, whose own way to one subscriber costs more than all
   * else there is to do for a batch. What gets lost with a connection is asked for again by the bridge.
   */
  #send(topic: string, payload: Uint8Array): void {
    const header = this.#answerTopics.get(topic);
    if (!header || !this.#subscribed.has(topic) || this.#connection.destroyed) return;
    if (this.#connection.writableLength > UNREAD_MAX_BYTES) {
      this.client.close();
      return;
    }
    this.#connection.cork();
    this.#connection.write(publishPacket(header, payload));
    process.nextTick(uncork, this.#connection);
  }
}

/** At the end of the tick, so that a group's receipts and acknowledgements of one connection leave together. */
function uncork(connection: GuardedConnection): void {
  connection.uncork();
}

function topicHeader(topic: string): Buffer {
  const name = Buffer.from(topic, 'utf8');
  const header = Buffer.allocUnsafe(2 + name.length);
  header.writeUInt16BE(name.length);
  name.copy(header, 2);
  return header;
}

function publishPacket(topicHeader: Buffer, payload: Uint8Array): Buffer {
  let rest = topicHeader.length + payload.length;
  const packet = Buffer.allocUnsafe(5 + rest);
  packet[0] = PUBLISH_QOS_0;
  let at = 1;
  while (rest >= 128) {
    packet[at++] = (rest % 128) + 128;
    rest = Math.floor(rest / 128);
  }
  packet[at++] = rest;
  packet.set(topicHeader, at);
  packet.set(payload, at + topicHeader.length);
  return packet.subarray(0, at + topicHeader.length + payload.length);
}
