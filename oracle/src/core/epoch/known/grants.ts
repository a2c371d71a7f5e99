import { bytesToHex, type Grant, type GrantKind, quorumOf } from '@sextant/firmware-bridge/protocol';
import type { StandingGrant } from '../state/epoch-state.ts';

/** What validators grant to keys. A later grant of one validator can only prolong its earlier one. */
export class Grants {
  readonly #validators: number;
  readonly #byName = new Map<string, StandingGrant>();

  constructor(validators: number, standing: readonly StandingGrant[]) {
    this.#validators = validators;
    for (const grant of standing) this.#byName.set(nameOf(grant), grant);
  }

  add({ key, grant, lastEpoch }: Grant, validator: number): void {
    const name = nameOf({ key, grant, validator });
    const known = this.#byName.get(name);
    if (known && known.lastEpoch >= lastEpoch) return;
    this.#byName.set(name, { key: new Uint8Array(key), grant, validator, lastEpoch });
  }

  /** M validators grant it to the key, at least for that epoch. */
  isGranted(key: Uint8Array, grant: GrantKind, epoch: number): boolean {
    let granting = 0;
    for (let validator = 0; validator < this.#validators; validator++) {
      const known = this.#byName.get(nameOf({ key, grant, validator }));
      if (known && known.lastEpoch >= epoch) granting++;
    }
    return granting >= quorumOf(this.#validators);
  }

  /** In force in `epoch` or later, in no order. */
  standing(epoch: number): StandingGrant[] {
    return [...this.#byName.values()].filter((grant) => grant.lastEpoch >= epoch);
  }
}

function nameOf(grant: Pick<StandingGrant, 'key' | 'grant' | 'validator'>): string {
  return `${bytesToHex(grant.key)} ${grant.grant} ${grant.validator}`;
}
