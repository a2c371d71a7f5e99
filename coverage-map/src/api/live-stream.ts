import { LIVE_EVENT_NAMES, type LiveEventName, type LiveEvents } from '@sextant/oracle/api';

export type Connection = 'connecting' | 'live' | 'interrupted';

/** The part of `EventSource` that is used. */
export interface EventSourceLike {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface LiveStreamModules {
  readonly createEventSource: (url: string) => EventSourceLike;
  readonly setTimeout: (callback: () => void, ms: number) => number;
  readonly clearTimeout: (timer: number) => void;
}

export interface LiveStreamOptions {
  readonly url: string;
  readonly onEvent: <Name extends LiveEventName>(name: Name, data: LiveEvents[Name]) => void;
  readonly onConnection: (connection: Connection) => void;
}

const CLOSED = 2;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;

/**
 * The oracle's server-sent events. The browser reconnects by itself while the server can be reached and tells it the last id it
 * saw; when it has given up (the server answered with an error), this opens a new connection behind that id, at first after
 * a second, then ever more slowly up to half a minute.
 */
export class LiveStream {
  readonly #options: LiveStreamOptions;
  readonly #modules: LiveStreamModules;
  #source: EventSourceLike | undefined;
  #lastId = '';
  #retryMs = FIRST_RETRY_MS;
  #timer: number | undefined;

  constructor(options: LiveStreamOptions, modules: LiveStreamModules) {
    this.#options = options;
    this.#modules = modules;
  }

  open(): void {
    this.close();
    const after = this.#lastId === '' ? '' : `?after=${encodeURIComponent(this.#lastId)}`;
    const source = this.#modules.createEventSource(`${this.#options.url}${after}`);
    this.#source = source;
    source.addEventListener('open', () => {
      this.#retryMs = FIRST_RETRY_MS;
      this.#options.onConnection('live');
    });
    source.addEventListener('error', () => this.#lost(source));
    for (const name of LIVE_EVENT_NAMES) source.addEventListener(name, (event) => this.#receive(name, event));
  }

  close(): void {
    this.#source?.close();
    this.#source = undefined;
    if (this.#timer !== undefined) this.#modules.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #receive<Name extends LiveEventName>(name: Name, event: MessageEvent<string>): void {
    this.#lastId = event.lastEventId;
    this.#options.onEvent(name, JSON.parse(event.data) as LiveEvents[Name]);
  }

  #lost(source: EventSourceLike): void {
    if (source !== this.#source) return;
    this.#options.onConnection('interrupted');
    if (source.readyState !== CLOSED) return;
    this.#timer = this.#modules.setTimeout(() => this.open(), this.#retryMs);
    this.#retryMs = Math.min(MAX_RETRY_MS, this.#retryMs * 2);
  }
}
