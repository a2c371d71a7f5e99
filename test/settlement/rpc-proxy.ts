import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface RpcRequest {
  readonly id: unknown;
  readonly method: string;
  readonly params?: readonly unknown[];
}

/** What is done with a call: passed on, answered with something else, lost before or after the chain has seen it. */
export type ProxyVerdict = 'pass' | 'lose_request' | 'lose_answer' | { readonly change: (result: unknown) => unknown };

/** An endpoint between a client and a chain that can be down, slow of tongue, or a liar. */
export class RpcProxy {
  readonly #server: Server;
  /** Asked about every call. */
  judge: (request: RpcRequest) => ProxyVerdict = () => 'pass';

  private constructor(target: string) {
    this.#server = createServer((message, response) => {
      void this.#handle(message, target).then(
        (answer) => {
          if (answer === undefined) response.destroy();
          else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
        },
        () => response.destroy(),
      );
    });
  }

  static async open(target: string): Promise<RpcProxy> {
    const proxy = new RpcProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #handle(message: IncomingMessage, target: string): Promise<unknown> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of message) chunks.push(chunk as Uint8Array);
    const body = Buffer.concat(chunks);
    const verdict = this.judge(JSON.parse(body.toString()) as RpcRequest);
    if (verdict === 'lose_request') return undefined;
    const headers = { 'content-type': 'application/json' };
    const answer = (await (await fetch(target, { method: 'POST', headers, body })).json()) as { result?: unknown };
    if (verdict === 'lose_answer') return undefined;
    return verdict === 'pass' ? answer : { ...answer, result: verdict.change(answer.result) };
  }
}
