import { bytesToHex, compareBytes, equalBytes, quorumOf, type RegistryEvents } from '@sextant/firmware-bridge/protocol';
import { type PlacedEvent, placedEvent } from './placed-event.ts';
import type { RegistryReference } from './registry-state.ts';

/** What M validators say the registry did since the opening state. */
export interface AgreedReading {
  readonly reference: RegistryReference;
  /** In the order of the chain. */
  readonly events: readonly PlacedEvent[];
}

/** A reading while its parts come in. */
interface Reading {
  readonly source: Pick<RegistryEvents, 'chainId' | 'registry' | 'fromBlock' | 'referenceBlock' | 'referenceHash'>;
  readonly parts: number;
  readonly byPart: Map<number, { readonly digest: Uint8Array; readonly events: readonly PlacedEvent[] }>;
  /** One part came with two contents: the reading says nothing. */
  contradictory: boolean;
}

/** What one validator has seen of one registry, reading after reading without a gap. */
interface View {
  /** Where each reading ended, ascending. */
  readonly ends: readonly RegistryReference[];
  readonly events: readonly PlacedEvent[];
}

/**
 * The registry records of the open epoch. A reading counts when all its parts are there and it goes on where the ones before
 * ended; what overlaps is read once. The order of records makes no difference.
 */
export class RegistryReadings {
  readonly #validators: number;
  readonly #opening: RegistryReference | undefined;
  readonly #byValidator = new Map<number, Map<string, Reading>>();

  constructor(validators: number, opening: RegistryReference | undefined) {
    this.#validators = validators;
    this.#opening = opening;
  }

  /** `digest` is the SHA-256 of the record. */
  add(record: RegistryEvents, validator: number, digest: Uint8Array): void {
    const { chainId, registry, fromBlock, referenceBlock, referenceHash, part, parts, events } = record;
    const known = this.#byValidator.get(validator) ?? new Map<string, Reading>();
    this.#byValidator.set(validator, known);
    const source = { chainId, registry, fromBlock, referenceBlock, referenceHash };
    const name = nameOf(source, parts);
    const reading = known.get(name) ?? { source, parts, byPart: new Map(), contradictory: false };
    known.set(name, reading);
    const before = reading.byPart.get(part);
    if (before) reading.contradictory ||= !equalBytes(before.digest, digest);
    else reading.byPart.set(part, { digest, events: events.map(placedEvent) });
  }

  /** The farthest block up to which M validators say the same; undefined when there is none beyond the opening state's. */
  agreed(): AgreedReading | undefined {
    const readings = [...this.#byValidator.values()].map(completeReadings);
    const registries = new Map(readings.flat().map(({ source }) => [registryName(source), source]));
    const candidates = [...registries]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .filter(([name]) => !this.#opening || name === registryName(this.#opening))
      .flatMap(([name]) => {
        const ofRegistry = readings.map((all) => all.filter(({ source }) => registryName(source) === name));
        return this.#candidatesOf(ofRegistry.map((all) => viewOf(all, this.#opening)));
      });
    const [best] = candidates.sort(
      (a, b) => b.reference.block - a.reference.block || compareBytes(a.reference.hash, b.reference.hash),
    );
    return best;
  }

  #candidatesOf(views: readonly View[]): AgreedReading[] {
    const needed = quorumOf(this.#validators);
    return views
      .flatMap(({ ends, events }) => ends.map((reference) => ({ reference, events: until(events, reference.block) })))
      .filter((candidate) => views.filter((view) => supports(view, candidate)).length >= needed);
  }
}

/** By where they begin, so that each can go on from the ones before. */
function completeReadings(readings: ReadonlyMap<string, Reading>): Reading[] {
  return [...readings]
    .filter(([, { parts, byPart, contradictory }]) => byPart.size === parts && !contradictory)
    .sort(([a, { source: left }], [b, { source: right }]) => {
      const apart = left.fromBlock - right.fromBlock || left.referenceBlock - right.referenceBlock;
      return apart || (a < b ? -1 : 1);
    })
    .map(([, reading]) => reading);
}

function viewOf(readings: readonly Reading[], opening: RegistryReference | undefined): View {
  const ends: RegistryReference[] = [];
  const events: PlacedEvent[] = [];
  let reached = opening?.block;
  for (const { source, byPart, parts } of readings) {
    const { chainId, registry, fromBlock, referenceBlock: block, referenceHash: hash } = source;
    if (reached !== undefined && (fromBlock > reached + 1 || block <= reached)) continue;
    for (let part = 0; part < parts; part++) {
      for (const event of byPart.get(part)?.events ?? []) {
        if (reached === undefined || event.block > reached) events.push(event);
      }
    }
    reached = block;
    ends.push({ chainId, registry, block, hash });
  }
  return { ends, events: events.sort((a, b) => a.block - b.block || a.logIndex - b.logIndex) };
}

function supports({ ends, events }: View, { reference, events: claimed }: AgreedReading): boolean {
  const last = ends.at(-1);
  if (!last || last.block < reference.block) return false;
  const same = ends.find(({ block }) => block === reference.block);
  if (same && !equalBytes(same.hash, reference.hash)) return false;
  const own = until(events, reference.block);
  return own.length === claimed.length && own.every(({ text }, i) => text === claimed[i]?.text);
}

const until = (events: readonly PlacedEvent[], block: number): PlacedEvent[] =>
  events.filter((event) => event.block <= block);

const registryName = ({ chainId, registry }: Pick<RegistryReference, 'chainId' | 'registry'>): string =>
  `${chainId} ${bytesToHex(registry)}`;

function nameOf(source: Reading['source'], parts: number): string {
  return `${registryName(source)} ${source.fromBlock} ${source.referenceBlock} ${bytesToHex(source.referenceHash)} ${parts}`;
}
