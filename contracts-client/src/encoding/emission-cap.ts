const DAY_MS = 86_400_000n;

/** The schedule as the emission controller holds it. */
export interface EmissionSchedule {
  /** Unix time of the start of epoch 0. */
  readonly genesisMs: number;
  readonly epochMs: number;
  /** Base units a day before the first halving. */
  readonly emissionPerDay: bigint;
  readonly halvingDays: number;
}

/** Base units an epoch may pay, as `EmissionController.capFor` computes it. */
export function emissionCap({ epochMs, emissionPerDay, halvingDays }: EmissionSchedule, epoch: number): bigint {
  const halvings = (BigInt(epoch) * BigInt(epochMs)) / (BigInt(halvingDays) * DAY_MS);
  return ((emissionPerDay >> halvings) * BigInt(epochMs)) / DAY_MS;
}
