import type { LinkStatistic, Standing } from '../../location/evidence.ts';

/** What is known of one key's place, and of the key. */
export interface PlaceState {
  readonly key: Uint8Array;
  /** The asserted cell, and the epoch in which its history began; absent for a survey device. */
  readonly place?: { readonly cell: bigint; readonly fromEpoch: number };
  readonly standing: Standing;
}

/** What a radio did in a generation of the window. */
export interface RadioActivity {
  /** Valid ones. */
  readonly transmissions: number;
  /** Rounds in which it had something in a log. */
  readonly onlineRounds: number;
}

/** The links of some epochs, summed up. Those of the generation before do not change any more, unless somebody moves. */
export interface LinkGeneration {
  readonly generation: number;
  /** Of the radios in it, ascending. */
  readonly keys: readonly Uint8Array[];
  /** One a key. */
  readonly activity: readonly RadioActivity[];
  /** Radios by their place in `keys`. By sender, sender's cell, receiver. */
  readonly links: readonly LinkStatistic[];
}
