import { bytesToHex, type Review, RULINGS } from '@sextant/firmware-bridge/protocol';

export interface GivenReview {
  readonly review: Review;
  /** Place in the network's list. */
  readonly validator: number;
}

/** What validators have said to appeals in the open epoch. Of two contradicting words of one validator "upheld" counts. */
export class Reviews {
  /** By the hex of the key, then by accusation, appeal and validator. */
  readonly #byKey = new Map<string, Map<string, GivenReview>>();

  add(review: Review, validator: number): void {
    const key = bytesToHex(review.key);
    const given = this.#byKey.get(key) ?? new Map<string, GivenReview>();
    this.#byKey.set(key, given);
    const name = `${review.accusation} ${review.appealEpoch} ${validator}`;
    const known = given.get(name);
    if (known && RULINGS[known.review.ruling] <= RULINGS[review.ruling]) return;
    given.set(name, { review, validator });
  }

  /** About one key, by validator. */
  of(key: Uint8Array): GivenReview[] {
    return [...(this.#byKey.get(bytesToHex(key))?.values() ?? [])].sort((a, b) => a.validator - b.validator);
  }
}
