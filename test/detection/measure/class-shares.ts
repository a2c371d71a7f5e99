/** Shares of the two classes hotspots are paid in, by hotspot id. */
export class ClassShares {
  readonly beaconer = new Map<number, number>();
  readonly witness = new Map<number, number>();

  addBeacon(id: number, shares: number): void {
    this.beaconer.set(id, (this.beaconer.get(id) ?? 0) + shares);
  }

  addReception(id: number, shares: number): void {
    this.witness.set(id, (this.witness.get(id) ?? 0) + shares);
  }
}

/** How much of the pool for hotspots each class has; they add up to 1. */
export interface ClassWeights {
  readonly beaconer: number;
  readonly witness: number;
}

const total = (shares: ReadonlyMap<number, number>): number => [...shares.values()].reduce((sum, one) => sum + one, 0);

/** Each one's part of the pool: its share of `of`'s classes. What a class cannot pay is paid to nobody. */
export function partsOf(shares: ClassShares, weights: ClassWeights, of: ClassShares = shares): Map<number, number> {
  const parts = new Map<number, number>();
  for (const kind of ['beaconer', 'witness'] as const) {
    const whole = total(of[kind]);
    if (whole === 0) continue;
    for (const [id, one] of shares[kind]) parts.set(id, (parts.get(id) ?? 0) + (weights[kind] * one) / whole);
  }
  return parts;
}
