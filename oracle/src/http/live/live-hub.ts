import type { LiveEventName, LiveEvents } from '../../api/index.ts';
import type { HttpMetrics } from '../http-metrics.ts';
import { EventRing, type EventRingOptions } from './event-ring.ts';

export interface LiveHubOptions {
  /** What a listener can miss and still catch up with. */
  readonly ring: EventRingOptions;
  readonly maxClients: number;
  /** From one address: one of them cannot take all places. */
  readonly maxClientsPerAddress: number;
  /** A comment line at least so often keeps proxies from closing a quiet stream, milliseconds. */
  readonly heartbeatMs: number;
}

export const LIVE_HUB_DEFAULTS: LiveHubOptions = {
  ring: { maxEvents: 4_096, maxCharacters: 8 << 20 },
  maxClients: 1_000,
  maxClientsPerAddress: 100,
  heartbeatMs: 10_000,
};

export interface LiveHubModules {
  /** Drawn when the process starts (lower-case letters and digits): ids of another process mean nothing here. */
  readonly instance: string;
  readonly metrics: Pick<HttpMetrics, 'liveClients' | 'liveEvents' | 'liveDropped'>;
}

/** The part of a response that is used. */
export interface LiveConnection {
  write(text: string): boolean;
  end(): unknown;
  destroy(): unknown;
  on(event: 'drain' | 'close', listener: () => void): unknown;
}

interface LiveClient {
  readonly connection: LiveConnection;
  readonly address: string;
  /** The last event written to it. */
  sequence: number;
  /** Its buffer is full; `heartbeats` counts how long already. */
  blocked: boolean;
  heartbeats: number;
}

/** Milliseconds a browser waits before it connects again. */
const RETRY_MS = 2_000;
/** Characters written at a time: with the socket's own 16 KiB the most that is ever buffered for one listener. */
const CHUNK = 64 << 10;
/** A full buffer that has not moved for so many heartbeats belongs to nobody. */
const BLOCKED_HEARTBEATS = 3;
const HEARTBEAT = ':\n\n';

/**
 * The live stream. Every listener reads the same ring at its own pace: nothing is queued for a slow one beyond its socket, and
 * when the ring has gone past it, it is cut off; it comes back with the last id it saw, and learns by `reset` that it missed
 * something.
 */
export class LiveHub {
  readonly #options: LiveHubOptions;
  readonly #modules: LiveHubModules;
  readonly #ring: EventRing;
  readonly #clients = new Set<LiveClient>();
  readonly #byAddress = new Map<string, number>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor(options: LiveHubOptions, modules: LiveHubModules) {
    this.#options = options;
    this.#modules = modules;
    this.#ring = new EventRing(options.ring);
    this.#heartbeat = setInterval(() => this.#beat(), options.heartbeatMs);
    this.#heartbeat.unref();
  }

  get clients(): number {
    return this.#clients.size;
  }

  publish<Name extends LiveEventName>(name: Name, data: LiveEvents[Name]): void {
    const json = JSON.stringify(data);
    this.#ring.push((sequence) => `id: ${this.#id(sequence)}\nevent: ${name}\ndata: ${json}\n\n`);
    this.#modules.metrics.liveEvents.labels(name).inc();
    for (const client of this.#clients) this.#pump(client);
  }

  hasRoom(address: string): boolean {
    const { maxClients, maxClientsPerAddress } = this.#options;
    return this.#clients.size < maxClients && (this.#byAddress.get(address) ?? 0) < maxClientsPerAddress;
  }

  /** Takes over a response whose head is written. `lastEventId` is what the listener saw last, if it was here before. */
  connect(connection: LiveConnection, address: string, lastEventId: string | undefined): void {
    const seen = lastEventId === undefined ? this.#ring.last : this.#sequenceOf(lastEventId);
    const sequence = seen ?? this.#ring.last;
    const client: LiveClient = { connection, address, sequence, blocked: false, heartbeats: 0 };
    this.#clients.add(client);
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1);
    this.#modules.metrics.liveClients.set(this.#clients.size);
    connection.on('close', () => this.#forget(client));
    connection.on('drain', () => {
      client.blocked = false;
      client.heartbeats = 0;
      this.#pump(client);
    });
    // An id without data is remembered by the browser and not told to the page.
    const head = seen === undefined ? 'event: reset\ndata: {}\n\n' : '\n';
    this.#write(client, `retry: ${RETRY_MS}\nid: ${this.#id(sequence)}\n${head}`);
    this.#pump(client);
  }

  /** Ends all streams. */
  close(): void {
    clearInterval(this.#heartbeat);
    for (const { connection } of this.#clients) connection.end();
  }

  #id(sequence: number): string {
    return `${this.#modules.instance}-${sequence}`;
  }

  /** Undefined: not ours, or what came after it is gone. */
  #sequenceOf(id: string): number | undefined {
    const prefix = `${this.#modules.instance}-`;
    if (!id.startsWith(prefix) || !/^\d{1,15}$/.test(id.slice(prefix.length))) return undefined;
    const sequence = Number(id.slice(prefix.length));
    return this.#ring.holdsAfter(sequence) ? sequence : undefined;
  }

  #pump(client: LiveClient): void {
    if (!this.#ring.holdsAfter(client.sequence)) {
      this.#cut(client, 'too_slow');
      return;
    }
    while (!client.blocked && client.sequence < this.#ring.last) {
      let text = '';
      for (let next = this.#ring.after(client.sequence); next && text.length < CHUNK; ) {
        text += next.text;
        client.sequence = next.sequence;
        next = this.#ring.after(client.sequence);
      }
      this.#write(client, text);
    }
  }

  #write(client: LiveClient, text: string): void {
    if (!client.connection.write(text)) client.blocked = true;
  }

  #beat(): void {
    for (const client of this.#clients) {
      if (!client.blocked) this.#write(client, HEARTBEAT);
      else if (++client.heartbeats >= BLOCKED_HEARTBEATS) this.#cut(client, 'stalled');
    }
  }

  #cut(client: LiveClient, reason: 'too_slow' | 'stalled'): void {
    if (!this.#clients.has(client)) return;
    this.#modules.metrics.liveDropped.labels(reason).inc();
    this.#forget(client);
    client.connection.destroy();
  }

  #forget(client: LiveClient): void {
    if (!this.#clients.delete(client)) return;
    const left = (this.#byAddress.get(client.address) ?? 1) - 1;
    if (left === 0) this.#byAddress.delete(client.address);
    else this.#byAddress.set(client.address, left);
    this.#modules.metrics.liveClients.set(this.#clients.size);
  }
}
