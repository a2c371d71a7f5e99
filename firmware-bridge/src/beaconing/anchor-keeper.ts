import type { Logger } from 'pino';
import type { ParticipantKeys } from '../keys/participant-keys.ts';
import type { StoreChange } from '../outbox/durable-store.ts';
import type { OutboxPartition } from '../outbox/partition.ts';
import {
  bytesToHex,
  CHAIN_LENGTH,
  type ChainAnchor,
  chainLink,
  decodeReport,
  encodeReport,
  hexToBytes,
  type RadioDeclaration,
  type Report,
} from '../protocol/index.ts';

export interface AnchorKeeperModules {
  readonly partition: Pick<OutboxPartition, 'add' | 'findState'>;
  readonly keys: ParticipantKeys;
  readonly logger: Logger;
}

interface KeptAnchor {
  readonly anchor: ChainAnchor;
  readonly fate: 'waiting' | 'receipted' | 'refused';
}

const PREFIX = 'anchor/';
/** The next chain is anchored when this one has so few links left: half an hour's. */
const RENEW_AT_LINKS = 64;

const firstIndexOf = (number: number): number => (number - 1) * CHAIN_LENGTH;
const numberOfIndex = (index: number): number => Math.floor(index / CHAIN_LENGTH) + 1;

/**
 * A survey device's hash chains. Anchor n opens the indices from (n − 1) · 65,536 with the n-th chain of the device's one
 * secret: so a restored backup that has forgotten an anchor makes the very same one again, and nothing is void.
 */
export class AnchorKeeper {
  readonly #modules: AnchorKeeperModules;
  #kept: readonly KeptAnchor[] = [];

  constructor(modules: AnchorKeeperModules) {
    this.#modules = modules;
  }

  /** Newest last. */
  get anchors(): readonly ChainAnchor[] {
    return this.#kept.map(({ anchor }) => anchor);
  }

  /**
   * Reads what was anchored before and anchors the chain that `nextIndex` needs, or a new one when the radio has changed.
   * What comes back is the next index to use: later than `nextIndex` when a new chain begins.
   */
  async open(radio: RadioDeclaration, nextIndex: number): Promise<number> {
    const stored = await this.#modules.partition.findState(PREFIX);
    this.#kept = stored.map(({ value }) => parseKept(value)).sort((a, b) => a.anchor.number - b.anchor.number);
    const last = this.#kept.at(-1);
    const isOther = last !== undefined && (last.fate === 'refused' || !isSameRadio(last.anchor, radio));
    const number = Math.max(numberOfIndex(nextIndex), (last?.anchor.number ?? 0) + (isOther ? 1 : 0));
    if (number !== last?.anchor.number) await this.#anchor(number, radio);
    return Math.max(nextIndex, firstIndexOf(number));
  }

  /** The link and the radio of an index; undefined while its anchor is not receipted. Anchors the next chain in time. */
  async linkFor(index: number): Promise<{ readonly link: Uint8Array; readonly radio: RadioDeclaration } | undefined> {
    const kept = this.#kept.findLast(({ anchor }) => anchor.firstIndex <= index);
    if (!kept) return undefined;
    const { anchor, fate } = kept;
    const position = index - anchor.firstIndex + 1;
    const isLast = kept === this.#kept.at(-1);
    if (isLast && position > CHAIN_LENGTH - RENEW_AT_LINKS) await this.#anchor(anchor.number + 1, anchor);
    if (fate !== 'receipted' || position > CHAIN_LENGTH) return undefined;
    return { link: chainLink(await this.#modules.keys.chain(anchor.number), position), radio: anchor };
  }

  /** A batch leaves the outbox: what that means for the anchors in it, as changes for the same write. */
  settled(reports: readonly Report[], fate: 'receipted' | 'refused'): readonly StoreChange[] {
    return reports.flatMap((report) => {
      const known = this.#kept.find(({ anchor }) => report.kind === 'chain_anchor' && anchor.number === report.number);
      if (!known) return [];
      const kept = { ...known, fate };
      this.#kept = this.#kept.map((other) => (other === known ? kept : other));
      return [{ key: PREFIX + kept.anchor.number, value: encodeKept(kept) }];
    });
  }

  async #anchor(number: number, { antennaGainDdbi, txPowerLevelsDdbm, regionPlan }: RadioDeclaration): Promise<void> {
    const { keys, partition, logger } = this.#modules;
    const radio = { antennaGainDdbi, txPowerLevelsDdbm, regionPlan };
    const { anchor: chainAnchor } = await keys.chain(number);
    const anchor: ChainAnchor = {
      kind: 'chain_anchor',
      number,
      chainAnchor,
      firstIndex: firstIndexOf(number),
      ...radio,
    };
    const kept: KeptAnchor = { anchor, fate: 'waiting' };
    this.#kept = [...this.#kept, kept];
    await partition.add([anchor], [{ key: PREFIX + number, value: encodeKept(kept) }]);
    logger.info({ number, firstIndex: anchor.firstIndex }, 'hash chain anchored');
  }
}

function isSameRadio(a: RadioDeclaration, b: RadioDeclaration): boolean {
  const text = ({ antennaGainDdbi, txPowerLevelsDdbm, regionPlan }: RadioDeclaration): string =>
    JSON.stringify([antennaGainDdbi, txPowerLevelsDdbm, regionPlan]);
  return text(a) === text(b);
}

function encodeKept({ anchor, fate }: KeptAnchor): Uint8Array {
  return Buffer.from(JSON.stringify({ fate, anchor: bytesToHex(encodeReport(anchor)) }));
}

/** Throws when the bytes are not what `encodeKept` wrote. */
function parseKept(value: Uint8Array): KeptAnchor {
  const { fate, anchor } = JSON.parse(Buffer.from(value).toString()) as { fate: KeptAnchor['fate']; anchor: string };
  const report = decodeReport(hexToBytes(anchor));
  if (!report.ok || report.value.kind !== 'chain_anchor') throw new TypeError('a kept chain anchor is unreadable');
  return { anchor: report.value, fate };
}
