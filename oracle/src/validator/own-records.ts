import {
  type AccusationCode,
  bytesToHex,
  equalBytes,
  type Grant,
  type GrantKind,
  type Review,
  type Ruling,
  type ValidatorRecord,
} from '@sextant/firmware-bridge/protocol';
import type { EpochState } from '../core/index.ts';

export interface OwnGrant {
  /** 32 bytes. */
  readonly key: Uint8Array;
  readonly grant: GrantKind;
  /** The last epoch it is in force in. */
  readonly lastEpoch: number;
}

/** What this validator has granted, and said to appeals: its log in memory, no truth of its own. */
export interface OwnRecords {
  /** The last epoch it has granted this to the key for; undefined = never. */
  findGrant(key: Uint8Array, grant: GrantKind): number | undefined;
  /** What it has said to the appeal that counted in `appealEpoch`; undefined = nothing yet. */
  findReview(key: Uint8Array, accusation: AccusationCode, appealEpoch: number): Ruling | undefined;
  /** In force in `epoch` or later, those that end first first. */
  grantsStanding(epoch: number): readonly OwnGrant[];
  /** Learns from a record of this validator; other kinds are ignored. */
  observe(record: Omit<Grant, 'validator'> | Omit<Review, 'validator'> | ValidatorRecord): void;
}

export function createOwnRecords(): OwnRecords {
  const grants = new Map<string, OwnGrant>();
  const reviews = new Map<string, Ruling>();
  const grantName = (key: Uint8Array, grant: GrantKind): string => `${bytesToHex(key)} ${grant}`;
  const reviewName = (key: Uint8Array, accusation: AccusationCode, appealEpoch: number): string =>
    `${bytesToHex(key)} ${accusation} ${appealEpoch}`;

  return {
    findGrant: (key, grant) => grants.get(grantName(key, grant))?.lastEpoch,
    findReview: (key, accusation, appealEpoch) => reviews.get(reviewName(key, accusation, appealEpoch)),
    grantsStanding: (epoch) =>
      [...grants.values()].filter(({ lastEpoch }) => lastEpoch >= epoch).sort((a, b) => a.lastEpoch - b.lastEpoch),
    observe(record) {
      if (record.kind === 'grant') {
        const { key, grant, lastEpoch } = record;
        const name = grantName(key, grant);
        if ((grants.get(name)?.lastEpoch ?? -1) < lastEpoch) grants.set(name, { key, grant, lastEpoch });
      }
      if (record.kind === 'review') {
        reviews.set(reviewName(record.key, record.accusation, record.appealEpoch), record.ruling);
      }
    },
  };
}

/** Learns what a closed state says about this validator's grants and reviews. */
export function observeState(records: OwnRecords, state: EpochState, logKey: Uint8Array): void {
  const own = state.network.validators.findIndex((entry) => equalBytes(entry.logKey, logKey));
  for (const { validator, key, grant, lastEpoch } of state.grants) {
    if (validator === own) records.observe({ kind: 'grant', key, grant, lastEpoch });
  }
  for (const { key, standing } of state.places) {
    for (const { code: accusation, appeal } of standing.accusations) {
      const said = appeal?.reviews.find(({ validator }) => validator === own);
      if (appeal && said) {
        records.observe({ kind: 'review', key, accusation, appealEpoch: appeal.epoch, ruling: said.ruling });
      }
    }
  }
}
