import { type Deployment, type HotspotEvent, listHotspotEvents } from '@sextant/contracts-client';
import { bytesToHex, hexToBytes, type RegistryEvent } from '@sextant/firmware-bridge/protocol';
import type { Hex } from 'viem';
import type { RegistryReference } from '../core/index.ts';
import { READING_EVENTS_MAX, type RegistryReading } from '../validator/registry-journal.ts';
import { type ChainEndpoints, NoAgreementError } from './chain-endpoints.ts';

/** A reading ends after so many pages: what lies behind is the next one's, and what is read is not lost. */
const READING_PAGES = 50;

/** The chain does not go on from what the network has recorded, or is another one; the message says what to do. */
export class RegistryMismatchError extends Error {
  override readonly name = 'RegistryMismatchError';
}

export interface RegistryReaderOptions {
  readonly deployment: Deployment;
  /** Blocks asked for at once. */
  readonly pageBlocks: number;
}

export interface FoundReading {
  readonly reading: RegistryReading;
  /** It ends at the reference block. */
  readonly isLast: boolean;
}

/** Reads what the hotspot registry says, at a block that is final and that the endpoints agree on. */
export class RegistryReader {
  readonly #deployment: Deployment;
  readonly #pageBlocks: bigint;
  readonly #endpoints: ChainEndpoints;

  constructor(
    { deployment, pageBlocks }: RegistryReaderOptions,
    { endpoints }: { readonly endpoints: ChainEndpoints },
  ) {
    this.#deployment = deployment;
    this.#pageBlocks = BigInt(pageBlocks);
    this.#endpoints = endpoints;
  }

  /**
   * What the blocks behind `recorded` say, up to the reference block or to as many as one reading takes. Undefined when there
   * is no newer one. Throws NoAgreementError, also while they are behind what is recorded, and RegistryMismatchError when the chain has not the block that is recorded.
   */
  async read(recorded: RegistryReference | undefined): Promise<FoundReading | undefined> {
    if (recorded) this.#requireRegistry(recorded);
    const reference = await this.#endpoints.findReference();
    if (recorded && reference.number < BigInt(recorded.block)) {
      throw new NoAgreementError(
        `the endpoints agree on blocks up to ${reference.number} only, and block ${recorded.block} is recorded already: they lag, ` +
          'or it is another chain.',
      );
    }
    if (recorded) await this.#requireBlock(recorded);
    const from = BigInt(recorded ? recorded.block + 1 : this.#deployment.fromBlock);
    if (reference.number < from) return undefined;
    const { events, until } = await this.#readPages(from, reference.number);
    // Asked for last: a reorganisation while the pages were read would show.
    const hash = await this.#hashOf(until);
    if (until === reference.number && hash !== reference.hash) {
      throw new RegistryMismatchError(`Block ${until} has changed while it was read. It is read again.`);
    }
    const { chainId, contracts } = this.#deployment;
    const reading = {
      chainId,
      registry: bytesOf(contracts.hotspots),
      fromBlock: Number(from),
      referenceBlock: Number(until),
      referenceHash: bytesOf(hash),
      events,
    };
    return { reading, isLast: until === reference.number };
  }

  /** Whole pages, in order. */
  async #readPages(from: bigint, last: bigint): Promise<{ events: readonly RegistryEvent[]; until: bigint }> {
    const events: RegistryEvent[] = [];
    let next = from;
    for (let page = 0; page < READING_PAGES && next <= last; page++) {
      const end = next + this.#pageBlocks - 1n;
      const to = end < last ? end : last;
      const start = next;
      const found = await this.#endpoints.agree('the hotspot registry', (client) =>
        listHotspotEvents(client, this.#deployment, start, to),
      );
      if (page > 0 && events.length + found.length > READING_EVENTS_MAX) break;
      events.push(...found.map(toRegistryEvent));
      next = to + 1n;
    }
    return { events, until: next - 1n };
  }

  #requireRegistry({ chainId, registry }: RegistryReference): void {
    const { chainId: ours, contracts } = this.#deployment;
    if (chainId === ours && bytesToHex(registry) === contracts.hotspots.slice(2).toLowerCase()) return;
    throw new RegistryMismatchError(
      `The network's owners are in registry 0x${bytesToHex(registry)} of chain ${chainId}; the deployment file names ` +
        `${contracts.hotspots} of chain ${ours}. Start with the network's own deployment file.`,
    );
  }

  async #requireBlock({ block, hash }: RegistryReference): Promise<void> {
    const found = await this.#hashOf(BigInt(block));
    if (found === `0x${bytesToHex(hash)}`) return;
    throw new RegistryMismatchError(
      `The chain has another block ${block} than the network has recorded: a reorganisation went deeper than --chain-confirmations, ` +
        'or it is another chain. Owners stay as they are recorded. If it is the right chain, start with more confirmations in ' +
        'the next network.',
    );
  }

  #hashOf(blockNumber: bigint): Promise<Hex> {
    return this.#endpoints.agree('a block of the registry', async (client) => {
      const { hash } = await client.getBlock({ blockNumber });
      return hash;
    });
  }
}

const bytesOf = (hex: Hex): Uint8Array => hexToBytes(hex.slice(2).toLowerCase());

function toRegistryEvent(event: HotspotEvent): RegistryEvent {
  const { block, logIndex } = event;
  switch (event.kind) {
    case 'registered': {
      const { key, owner, possession } = event;
      return {
        block,
        logIndex,
        event: 'registered',
        key: bytesOf(key),
        owner: bytesOf(owner),
        possession: bytesOf(possession),
      };
    }
    case 'transferred':
      return {
        block,
        logIndex,
        event: 'transferred',
        key: bytesOf(event.key),
        from: bytesOf(event.from),
        to: bytesOf(event.to),
      };
    case 'frozen':
      return {
        block,
        logIndex,
        event: 'frozen',
        key: bytesOf(event.key),
        owner: bytesOf(event.owner),
        frozen: event.frozen,
      };
    case 'released':
      return { block, logIndex, event: 'released', key: bytesOf(event.key), owner: bytesOf(event.owner) };
    case 'payout_changed':
      return {
        block,
        logIndex,
        event: 'payout_changed',
        owner: bytesOf(event.owner),
        payout: bytesOf(event.payout),
      };
  }
}
