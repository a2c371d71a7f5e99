import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import {
  generate,
  type IConnectPacket,
  type IPublishPacket,
  type ISubscribePacket,
  type Packet,
  parser,
} from 'mqtt-packet';

/** One entry of EMQX's `authentication` or `authorization.sources` of the kind `http`. */
export interface HttpQuestion {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string>>;
}

export interface AskingBrokerOptions {
  readonly authentication: HttpQuestion;
  readonly authorization: HttpQuestion;
  /** Where the host of the questions' addresses really is. */
  readonly oracle: string;
}

interface Session {
  readonly socket: Socket;
  readonly version: number;
  readonly username: string;
  readonly isSuperuser: boolean;
  readonly filters: Set<string>;
}

interface Answer {
  readonly result?: string;
  readonly is_superuser?: boolean;
}

const NOT_AUTHORIZED = 135;

/**
 * Stands in for EMQX where no container runs: an MQTT 5 and 3.1.1 broker for one subscriber a topic that asks over HTTP who
 * may do what, in the way EMQX 5.8 is told to, and denies what is not allowed.
 */
export class AskingBroker {
  /** User names of all who were let in, in order. */
  readonly letIn: string[] = [];
  /** Topic filters that were granted. */
  readonly granted: string[] = [];
  readonly #options: AskingBrokerOptions;
  readonly #server: Server;
  readonly #sessions = new Map<Socket, Session>();

  constructor(options: AskingBrokerOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  async start(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server.close(), 'close');
    for (const socket of this.#sessions.keys()) socket.destroy();
    await closed;
  }

  #serve(socket: Socket): void {
    const packets = parser();
    let last = Promise.resolve();
    packets.on('packet', (packet: Packet) => {
      last = last.then(() => this.#receive(socket, packet)).catch(() => void socket.destroy());
    });
    socket.on('data', (bytes) => packets.parse(bytes));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sessions.delete(socket));
  }

  async #receive(socket: Socket, packet: Packet): Promise<void> {
    if (packet.cmd === 'connect') return this.#connect(socket, packet);
    const session = this.#sessions.get(socket);
    if (!session) throw new Error('not connected');
    if (packet.cmd === 'subscribe') return this.#subscribe(session, packet);
    if (packet.cmd === 'publish') return this.#publish(session, packet);
    if (packet.cmd === 'pingreq') send(session, { cmd: 'pingresp' });
    if (packet.cmd === 'disconnect') socket.end();
  }

  async #connect(socket: Socket, packet: IConnectPacket): Promise<void> {
    const { clientId, username = '', protocolVersion = 4 } = packet;
    const password = packet.password?.toString() ?? '';
    const answer = await this.#ask(this.#options.authentication, { clientid: clientId, username, password });
    const isSuperuser = answer.is_superuser === true;
    const session = { socket, version: protocolVersion, username, isSuperuser, filters: new Set<string>() };
    if (answer.result !== 'allow') {
      send(session, { cmd: 'connack', returnCode: 5, reasonCode: NOT_AUTHORIZED, sessionPresent: false });
      socket.end();
      return;
    }
    this.#sessions.set(socket, session);
    this.letIn.push(username);
    send(session, { cmd: 'connack', returnCode: 0, reasonCode: 0, sessionPresent: false });
  }

  async #subscribe(session: Session, packet: ISubscribePacket): Promise<void> {
    for (const { topic } of packet.subscriptions) {
      await this.#demand(session, { topic, action: 'subscribe', retain: 'undefined' });
      session.filters.add(topic);
      this.granted.push(topic);
    }
    const granted = packet.subscriptions.map(() => 1);
    send(session, { cmd: 'suback', messageId: packet.messageId ?? 0, granted });
  }

  async #publish(session: Session, packet: IPublishPacket): Promise<void> {
    const { topic, payload, qos, retain } = packet;
    await this.#demand(session, { topic, action: 'publish', retain: String(retain) });
    for (const other of this.#sessions.values()) {
      if (![...other.filters].some((filter) => matches(filter, topic))) continue;
      send(other, { cmd: 'publish', topic, payload, qos: 0, dup: false, retain: false });
    }
    if (qos === 1) send(session, { cmd: 'puback', messageId: packet.messageId ?? 0, reasonCode: 0 });
  }

  /** `no_match = deny`, `deny_action = disconnect`; superusers are not asked about. */
  async #demand(session: Session, facts: Readonly<Record<string, string>>): Promise<void> {
    if (session.isSuperuser) return;
    const answer = await this.#ask(this.#options.authorization, { username: session.username, ...facts });
    if (answer.result !== 'allow') throw new Error('denied');
  }

  /** What is no good answer is none: EMQX then goes on to the next authenticator, and there is none. */
  async #ask(question: HttpQuestion, facts: Readonly<Record<string, string>>): Promise<Answer> {
    const { method, url, headers } = question;
    const fill = (template: string): string => template.replace(/\$\{(\w+)\}/g, (found, name) => facts[name] ?? found);
    const body = Object.fromEntries(Object.entries(question.body).map(([name, value]) => [name, fill(value)]));
    const { pathname } = new URL(url);
    try {
      const response = await fetch(`${this.#options.oracle}${pathname}`, {
        method: method.toUpperCase(),
        headers,
        body: JSON.stringify(body),
      });
      return response.status === 200 ? ((await response.json()) as Answer) : {};
    } catch {
      return {};
    }
  }
}

function send({ socket, version }: Pick<Session, 'socket' | 'version'>, packet: Packet): void {
  socket.write(generate(packet, { protocolVersion: version }));
}

/** Filters with `+` and the shared ones of MQTT 5. */
function matches(filter: string, topic: string): boolean {
  const levels = filter.replace(/^\$share\/[^/]+\//, '').split('/');
  const parts = topic.split('/');
  return levels.length === parts.length && levels.every((level, i) => level === '+' || level === parts[i]);
}
