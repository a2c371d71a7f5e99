import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import type { Hex, PublicClient } from 'viem';
import type { EndpointFault, SettlementMetrics } from './settlement-metrics.ts';

export interface Endpoint {
  /** For log lines; never the URL, which may hold a key. */
  readonly name: string;
  readonly client: PublicClient;
}

/** A block deep enough to count as final. */
export interface ReferenceBlock {
  readonly number: bigint;
  readonly hash: Hex;
}

export interface ChainEndpointsOptions {
  readonly chainId: number;
  /** Blocks on top of a block before it counts as final. */
  readonly confirmations: number;
}

export interface ChainEndpointsModules {
  readonly endpoints: readonly Endpoint[];
  readonly logger: Logger;
  readonly metrics: SettlementMetrics;
}

/** Too few endpoints answered, or they contradict each other. Nothing was decided; asking again later is safe. */
export class NoAgreementError extends Error {
  override readonly name = 'NoAgreementError';
}

/** Two are enough to be sure that none of them alone decides; one is trusted when there is only one. */
const AGREEING = 2;

/** The same chain over several endpoints, none of which is trusted alone when there is more than one. */
export class ChainEndpoints {
  readonly #options: ChainEndpointsOptions;
  readonly #modules: ChainEndpointsModules;
  readonly #needed: number;
  readonly #faulty = new Map<string, EndpointFault>();

  constructor(options: ChainEndpointsOptions, modules: ChainEndpointsModules) {
    this.#options = options;
    this.#modules = modules;
    this.#needed = Math.min(AGREEING, modules.endpoints.length);
  }

  get clients(): readonly PublicClient[] {
    return this.#modules.endpoints.map(({ client }) => client);
  }

  /**
   * The newest block with enough blocks on top that enough endpoints agree on. An endpoint that says its chain is longer finds
   * nobody who knows its newest block; one that lags only makes the reference older. Throws NoAgreementError.
   */
  async findReference(): Promise<ReferenceBlock> {
    const heads = await this.#ask(this.#modules.endpoints, 'head', (client) => this.#readHead(client));
    const numbers = [...new Set(heads.map(({ value }) => value))].toSorted((a, b) => (a < b ? 1 : -1));
    for (const number of numbers) {
      const knowing = heads.filter(({ value }) => value >= number).map(({ endpoint }) => endpoint);
      const hashes = await this.#ask(knowing, 'block', async (client) => {
        const { hash } = await client.getBlock({ blockNumber: number });
        return hash;
      });
      const agreed = this.#agreedOf(hashes);
      if (agreed === undefined) continue;
      this.#modules.metrics.reference(number);
      return { number, hash: agreed };
    }
    throw this.#noAgreement('the reference block', heads.length);
  }

  /** What enough endpoints answer alike. Throws NoAgreementError. */
  async agree<T>(what: string, read: (client: PublicClient) => Promise<T>): Promise<T> {
    const answers = await this.#ask(this.#modules.endpoints, what, read);
    const agreed = this.#agreedOf(answers);
    if (agreed === undefined) throw this.#noAgreement(what, answers.length);
    return agreed;
  }

  /** The first useful answer: for what is only advice, like a fee. Throws the last endpoint's error. */
  async first<T>(read: (client: PublicClient) => Promise<T>): Promise<T> {
    let failure: unknown = new NoAgreementError('there is no endpoint');
    for (const { client } of this.#modules.endpoints) {
      try {
        return await read(client);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /** What it takes for a block to count, from the newest one it knows. */
  async #readHead(client: PublicClient): Promise<bigint> {
    const { chainId, confirmations } = this.#options;
    const [actual, newest] = await Promise.all([client.getChainId(), client.getBlockNumber({ cacheTime: 0 })]);
    if (actual !== chainId) throw new WrongChain(actual);
    const number = newest - BigInt(confirmations);
    return number < 0n ? 0n : number;
  }

  async #ask<T>(
    endpoints: readonly Endpoint[],
    what: string,
    read: (client: PublicClient) => Promise<T>,
  ): Promise<readonly Answer<T>[]> {
    const answers = await Promise.all(
      endpoints.map(async (endpoint): Promise<Answer<T> | undefined> => {
        try {
          const value = await read(endpoint.client);
          this.#noteAnswer(endpoint, what);
          return { endpoint, value };
        } catch (error) {
          this.#noteFault(endpoint, error instanceof WrongChain ? 'wrong_chain' : 'down', what, error);
          return undefined;
        }
      }),
    );
    return answers.filter((answer) => answer !== undefined);
  }

  #agreedOf<T>(answers: readonly Answer<T>[]): T | undefined {
    const [largest, second] = groupAlike(answers).toSorted((a, b) => b.length - a.length);
    if (largest === undefined || largest.length < this.#needed || second?.length === largest.length) return undefined;
    for (const { endpoint } of answers.filter((answer) => !largest.includes(answer))) {
      this.#modules.metrics.endpointFault(endpoint.name, 'disagrees');
    }
    return largest[0]?.value;
  }

  #noAgreement(what: string, answers: number): NoAgreementError {
    const asked = this.#modules.endpoints.length;
    return new NoAgreementError(
      `${answers} of ${asked} chain endpoints answered about ${what}; ${this.#needed} have to say the same.`,
    );
  }

  #noteFault({ name }: Endpoint, fault: EndpointFault, what: string, error: unknown): void {
    this.#modules.metrics.endpointFault(name, fault);
    const key = `${name}/${what}`;
    if (this.#faulty.get(key) === fault) return;
    this.#faulty.set(key, fault);
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown';
    this.#modules.logger.warn({ endpoint: name, fault, what, why }, 'a chain endpoint cannot be used');
  }

  #noteAnswer({ name }: Endpoint, what: string): void {
    if (!this.#faulty.delete(`${name}/${what}`)) return;
    this.#modules.logger.info({ endpoint: name, what }, 'a chain endpoint can be used again');
  }
}

function groupAlike<T>(answers: readonly Answer<T>[]): readonly (readonly Answer<T>[])[] {
  const groups = new Map<string, Answer<T>[]>();
  for (const answer of answers) {
    const key = canonicalText(answer.value);
    const group = groups.get(key);
    if (group) group.push(answer);
    else groups.set(key, [answer]);
  }
  return [...groups.values()];
}

/** Readers build their answers in one order of fields, so equal answers are equal text. */
const canonicalText = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`;
    return part instanceof Uint8Array ? bytesToHex(part) : part;
  }) ?? 'undefined';

interface Answer<T> {
  readonly endpoint: Endpoint;
  readonly value: T;
}

class WrongChain extends Error {
  constructor(actual: number) {
    super(`it serves chain ${actual}`);
  }
}
