import { compareBytes } from '@sextant/firmware-bridge/protocol';
import {
  type Reception as CountedReception,
  emptyGeneration,
  INITIAL_STANDING,
  LinkStatistics,
  type NetworkEvidence,
  type OpenGeneration,
  type Radio,
  type RecentEvidence,
  rollWindow,
  type Standing,
} from '@sextant/oracle/core';
import { type Hotspot, isHotspot, type SurveyCar } from '../worlds/radio.ts';

/** Cars have ids from here on. */
const FIRST_CAR = 60_000;

type Row = { readonly id: number; readonly radio: Omit<Radio, 'transmissions' | 'onlineRounds'> };

/** What a validator keeps between epochs, rolled on as the close of an epoch does; radios by the ids of this world. */
export class EvidenceWindow {
  readonly #generationEpochs: number;
  /** After the last epoch that was judged. */
  #generations: readonly OpenGeneration[] = [];
  #latest = emptyGeneration(0, 0);
  /** Rounds of this epoch each one listened in. */
  #listened = new Map<number, Set<number>>();
  /** Numbers of ids in the window, in the order they came. */
  readonly #numbers = new Map<number, number>();
  readonly #hotspots = new Map<number, Hotspot>();
  readonly #cars: SurveyCar[] = [];

  constructor(generationEpochs: number) {
    this.#generationEpochs = generationEpochs;
  }

  /** Between two epochs. */
  copy(): EvidenceWindow {
    const copied = new EvidenceWindow(this.#generationEpochs);
    copied.#generations = this.#generations;
    for (const [id, number] of this.#numbers) copied.#numbers.set(id, number);
    for (const [id, hotspot] of this.#hotspots) copied.#hotspots.set(id, hotspot);
    copied.#cars.push(...this.#cars);
    return copied;
  }

  begin(epoch: number, hotspots: readonly Hotspot[]): void {
    this.#latest = emptyGeneration(Math.floor(epoch / this.#generationEpochs), this.#numbers.size);
    this.#listened = new Map();
    for (const hotspot of hotspots) this.#hotspots.set(hotspot.id, hotspot);
  }

  transmitted(sender: Hotspot | SurveyCar): void {
    this.#activityOf(this.#idOf(sender)).transmissions++;
  }

  listened({ id }: Hotspot, round: number): void {
    const rounds = this.#listened.get(id) ?? new Set();
    this.#listened.set(id, rounds.add(round));
    this.#activityOf(id).onlineRounds = rounds.size;
  }

  heard(
    sender: Hotspot | SurveyCar,
    receiver: Hotspot,
    reception: Omit<CountedReception, 'sender' | 'receiver'>,
    epoch: number,
  ): void {
    const ends = { sender: this.#numberOf(this.#idOf(sender)), receiver: this.#numberOf(receiver.id) };
    this.#latest.statistics.add({ ...reception, ...ends }, epoch);
  }

  /** The evidence at the end of an epoch, and the ids its radios have in this world. */
  close(epoch: number, standings: ReadonlyMap<number, Standing>): { evidence: NetworkEvidence; ids: number[] } {
    const rows = [...this.#hotspotRows(), ...this.#carRows()].sort((a, b) => compareBytes(a.radio.key, b.radio.key));
    const ids = rows.map(({ id }) => id);
    const numbers = ids.map((id) => this.#numberOf(id));
    const { generations, recent, whole } = rollWindow(this.#generations, this.#latest);
    this.#generations = generations;
    const { links, activity } = partOf(whole, numbers);
    const evidence: NetworkEvidence = {
      epoch,
      radios: rows.map(({ radio }, i) => ({ ...radio, ...(activity[i] ?? IDLE) })),
      links,
      recent: recent.map((part) => partOf(part, numbers)),
      standings: ids.map((id) => standings.get(id) ?? INITIAL_STANDING),
    };
    return { evidence, ids };
  }

  #idOf(sender: Hotspot | SurveyCar): number {
    if (isHotspot(sender)) return sender.id;
    const known = this.#cars.indexOf(sender);
    return FIRST_CAR + (known >= 0 ? known : this.#cars.push(sender) - 1);
  }

  #numberOf(id: number): number {
    const number = this.#numbers.get(id) ?? this.#numbers.size;
    this.#numbers.set(id, number);
    return number;
  }

  #activityOf(id: number): OpenGeneration['activity'][number] {
    const number = this.#numberOf(id);
    const { activity } = this.#latest;
    while (activity.length <= number) activity.push({ ...IDLE });
    return activity[number] as OpenGeneration['activity'][number];
  }

  #hotspotRows(): Row[] {
    return [...this.#hotspots.values()].map((hotspot): Row => {
      const { anchor, claim, fromEpoch, id, key, owner } = hotspot;
      const { altitudeM, cell, gainDdbi: antennaGainDdbi } = claim;
      return { id, radio: { key, kind: 'hotspot', owner, cell, altitudeM, antennaGainDdbi, anchor, fromEpoch } };
    });
  }

  #carRows(): Row[] {
    return this.#cars.map(({ key, owner }, i): Row => {
      return { id: FIRST_CAR + i, radio: { key, kind: 'survey_device', owner, anchor: true, fromEpoch: 0 } };
    });
  }
}

const IDLE = { transmissions: 0, onlineRounds: 0 };

/** With radios named by their place among `numbers`. */
function partOf({ statistics, activity }: OpenGeneration, numbers: readonly number[]): RecentEvidence {
  const places = new Map(numbers.map((number, place) => [number, place]));
  const links = new LinkStatistics();
  for (const link of statistics.list()) {
    const [sender, receiver] = [places.get(link.sender), places.get(link.receiver)];
    if (sender !== undefined && receiver !== undefined) links.merge({ ...link, sender, receiver });
  }
  return { links: links.list(), activity: numbers.map((number) => activity[number] ?? IDLE) };
}
