import { isHotspot } from '../worlds/radio.ts';
import type { EpochOnAir } from '../worlds/world.ts';

const WITNESSES = 4;

/**
 * Which honest hotspots have at least four trusted witnesses in reach. By the truth, not by anybody's rules: honest
 * hotspots in different cells that it heard or that heard it, themselves connected to an anchor through honest links. Who heard
 * a frame that an attacker carried there and sent once more did not hear its sender.
 */
export class Reach {
  readonly #partners: Map<number, Map<number, bigint>>;
  readonly #anchors: Set<number>;

  constructor(from?: Reach) {
    const copied = from === undefined ? [] : [...from.#partners].map(([id, known]) => [id, new Map(known)] as const);
    this.#partners = new Map(copied);
    this.#anchors = new Set(from === undefined ? [] : from.#anchors);
  }

  add(onAir: EpochOnAir): void {
    for (const { id, anchor, attacker } of onAir.hotspots) if (anchor && !attacker) this.#anchors.add(id);
    for (const { isRepeat, transmission, witness } of onAir.receptions) {
      const { sender } = transmission;
      if (isRepeat || !isHotspot(sender) || sender.attacker || witness.attacker || sender.owner === witness.owner)
        continue;
      this.#link(sender.id, witness.id, witness.claim.cell);
      this.#link(witness.id, sender.id, sender.claim.cell);
    }
  }

  withFourWitnesses(): ReadonlySet<number> {
    const trusted = this.#connected();
    const reachable = [...this.#partners].filter(([, partners]) => {
      const cells = [...partners].filter(([partner]) => trusted.has(partner)).map(([, cell]) => cell);
      return new Set(cells).size >= WITNESSES;
    });
    return new Set(reachable.map(([id]) => id));
  }

  #link(id: number, partner: number, cell: bigint): void {
    const partners = this.#partners.get(id) ?? new Map<number, bigint>();
    partners.set(partner, cell);
    this.#partners.set(id, partners);
  }

  #connected(): ReadonlySet<number> {
    const found = new Set(this.#anchors);
    const open = [...found];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      for (const partner of this.#partners.get(id)?.keys() ?? []) {
        if (found.has(partner)) continue;
        found.add(partner);
        open.push(partner);
      }
    }
    return found;
  }
}
