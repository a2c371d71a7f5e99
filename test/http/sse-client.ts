import { type ClientRequest, get, type IncomingMessage } from 'node:http';

export interface SseEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** Reads server-sent events as the HTML standard says, far enough to test a server: comments, ids without data, `retry`. */
export class SseClient {
  readonly events: SseEvent[] = [];
  /** What a browser would send as `Last-Event-ID`. */
  lastId = '';
  comments = 0;
  headers: IncomingMessage['headers'] = {};
  status = 0;
  closed = false;
  readonly #request: ClientRequest;
  #waiting: (() => void)[] = [];
  #rest = '';

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.#request = get(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false }, (response) => {
      this.status = response.statusCode ?? 0;
      this.headers = response.headers;
      response.setEncoding('utf8');
      response.on('data', (text: string) => this.#receive(text));
      response.on('close', () => this.#end());
      response.on('error', () => this.#end());
      this.#tell();
    });
    this.#request.on('error', () => this.#end());
  }

  /** Resolves when `condition` holds; looked at whenever something arrives. */
  async until(condition: (client: this) => boolean): Promise<void> {
    while (!condition(this)) {
      if (this.closed) throw new Error('the stream ended first');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async untilClosed(): Promise<void> {
    while (!this.closed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#request.destroy();
  }

  #receive(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) this.#read(block);
    this.#tell();
  }

  #read(block: string): void {
    let event = 'message';
    let data: string | undefined;
    for (const line of block.split('\n')) {
      if (line.startsWith(':')) this.comments += 1;
      else if (line.startsWith('id: ')) this.lastId = line.slice(4);
      else if (line.startsWith('event: ')) event = line.slice(7);
      else if (line.startsWith('data: ')) data = line.slice(6);
    }
    if (data !== undefined) this.events.push({ id: this.lastId, event, data: JSON.parse(data) });
  }

  #end(): void {
    this.closed = true;
    this.#tell();
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
