import { compareBytes } from '@sextant/firmware-bridge/protocol';
import {
  type Reception as CountedReception,
  INITIAL_STANDING,
  type LinkStatistic,
  LinkStatistics,
  type NetworkEvidence,
  type Radio,
  type Standing,
} from '@sextant/oracle/core';
import { type Hotspot, isHotspot, type SurveyCar } from '../worlds/radio.ts';

/** Links and activity of some epochs, by the ids of this world. */
class Generation {
  readonly links = new LinkStatistics();
  readonly transmissions = new Map<number, number>();
  readonly onlineRounds = new Map<number, Set<number>>();

  copy(): Generation {
    const copied = new Generation();
    copied.add(this);
    return copied;
  }

  add(other: Generation): void {
    for (const link of other.links.list()) this.links.merge(link);
    for (const [id, count] of other.transmissions)
      this.transmissions.set(id, (this.transmissions.get(id) ?? 0) + count);
    for (const [id, rounds] of other.onlineRounds) {
      this.onlineRounds.set(id, new Set([...(this.onlineRounds.get(id) ?? []), ...rounds]));
    }
  }
}

/** Cars have ids from here on. */
const FIRST_CAR = 60_000;

/** What a validator keeps between epochs: the link statistics of this and the last whole generation. */
export class EvidenceWindow {
  readonly #generationEpochs: number;
  #number = 0;
  #last = new Generation();
  /** Of the epochs before this one, as far as they are in its generation. */
  #current = new Generation();
  #latest = new Generation();
  readonly #hotspots = new Map<number, Hotspot>();
  readonly #cars: SurveyCar[] = [];

  constructor(generationEpochs: number) {
    this.#generationEpochs = generationEpochs;
  }

  copy(): EvidenceWindow {
    const copied = new EvidenceWindow(this.#generationEpochs);
    copied.#number = this.#number;
    copied.#last = this.#last.copy();
    copied.#current = this.#current.copy();
    copied.#latest = this.#latest.copy();
    for (const [id, hotspot] of this.#hotspots) copied.#hotspots.set(id, hotspot);
    copied.#cars.push(...this.#cars);
    return copied;
  }

  begin(epoch: number, hotspots: readonly Hotspot[]): void {
    this.#current.add(this.#latest);
    this.#latest = new Generation();
    const number = Math.floor(epoch / this.#generationEpochs);
    if (number !== this.#number) {
      this.#last = this.#current;
      this.#current = new Generation();
      this.#number = number;
    }
    for (const hotspot of hotspots) this.#hotspots.set(hotspot.id, hotspot);
  }

  idOf(sender: Hotspot | SurveyCar): number {
    if (isHotspot(sender)) return sender.id;
    const known = this.#cars.indexOf(sender);
    return FIRST_CAR + (known >= 0 ? known : this.#cars.push(sender) - 1);
  }

  transmitted(sender: Hotspot | SurveyCar): void {
    const id = this.idOf(sender);
    this.#latest.transmissions.set(id, (this.#latest.transmissions.get(id) ?? 0) + 1);
  }

  listened({ id }: Hotspot, round: number): void {
    const rounds = this.#latest.onlineRounds.get(id);
    if (rounds) rounds.add(round);
    else this.#latest.onlineRounds.set(id, new Set([round]));
  }

  heard(reception: CountedReception, epoch: number): void {
    this.#latest.links.add(reception, epoch);
  }

  /** The evidence of the window, and the ids its radios have in this world. */
  evidence(epoch: number, standings: ReadonlyMap<number, Standing>): { evidence: NetworkEvidence; ids: number[] } {
    const rows = [...this.#hotspotRows(), ...this.#carRows()].sort((a, b) => compareBytes(a.radio.key, b.radio.key));
    const ids = rows.map(({ id }) => id);
    const placeOf = new Map(ids.map((id, place) => [id, place]));
    const growing = [this.#current, this.#latest];
    const parts = [
      ...(epoch > 0 ? [[this.#latest]] : []),
      ...(this.#number > 0 && epoch % this.#generationEpochs > 0 ? [growing] : []),
    ];
    const evidence: NetworkEvidence = {
      epoch,
      radios: rows.map(({ radio }) => radio),
      links: linksIn([this.#last, ...growing], placeOf),
      recent: parts.map((part) => ({
        links: linksIn(part, placeOf),
        activity: ids.map((id) => activityIn(part, id)),
      })),
      standings: ids.map((id) => standings.get(id) ?? INITIAL_STANDING),
    };
    return { evidence, ids };
  }

  #hotspotRows(): { id: number; radio: Radio }[] {
    return [...this.#hotspots.values()].map((hotspot) => {
      const { anchor, claim, fromEpoch, id, key, owner } = hotspot;
      const radio: Radio = {
        key,
        kind: 'hotspot',
        owner,
        cell: claim.cell,
        altitudeM: claim.altitudeM,
        anchor,
        fromEpoch,
        ...this.#activityOf(id),
      };
      return { id, radio };
    });
  }

  #carRows(): { id: number; radio: Radio }[] {
    return this.#cars.map(({ key, owner }, i) => {
      const id = FIRST_CAR + i;
      return { id, radio: { key, kind: 'survey_device', owner, anchor: true, fromEpoch: 0, ...this.#activityOf(id) } };
    });
  }

  #activityOf(id: number): Pick<Radio, 'transmissions' | 'onlineRounds'> {
    return activityIn([this.#last, this.#current, this.#latest], id);
  }
}

/** By the places radios have in a list. */
function linksIn(generations: readonly Generation[], placeOf: ReadonlyMap<number, number>): readonly LinkStatistic[] {
  const links = new LinkStatistics();
  for (const link of generations.flatMap((one) => one.links.list())) {
    const [sender, receiver] = [placeOf.get(link.sender), placeOf.get(link.receiver)];
    if (sender !== undefined && receiver !== undefined) links.merge({ ...link, sender, receiver });
  }
  return links.list();
}

function activityIn(generations: readonly Generation[], id: number): Pick<Radio, 'transmissions' | 'onlineRounds'> {
  return {
    transmissions: generations.reduce((sum, one) => sum + (one.transmissions.get(id) ?? 0), 0),
    onlineRounds: generations.reduce((sum, one) => sum + (one.onlineRounds.get(id)?.size ?? 0), 0),
  };
}
