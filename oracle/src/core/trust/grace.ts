import type { Outcome } from '@sextant/firmware-bridge/protocol';
import type { Grace } from '../location/evidence.ts';

export interface GraceResult {
  readonly grace: Grace;
  /** Paid out in this epoch, what was held included, base units. */
  readonly paid: bigint;
  /** Of what was held until now: it is never minted. */
  readonly forfeited: bigint;
}

/**
 * What becomes of an epoch's pay, given the verdict on the place it was earned at. `due` is what its work comes to under
 * that verdict: the full amount when valid, the half of it when insufficient. Half pay is held, for so many epochs and
 * once a key, until the first valid verdict pays it out; if none comes by then, or the place is refuted, it is forfeited.
 */
export function graceAfter(grace: Grace, outcome: Outcome, due: bigint, graceEpochs: number): GraceResult {
  if (outcome === 'valid') {
    return { grace: over(grace), paid: due + grace.held, forfeited: 0n };
  }
  if (grace.over) return { grace, paid: 0n, forfeited: 0n };
  const epochs = grace.epochs + 1;
  if (outcome === 'invalid' || epochs > graceEpochs) {
    return { grace: over(grace), paid: 0n, forfeited: grace.held };
  }
  return { grace: { epochs, held: grace.held + due, over: false }, paid: 0n, forfeited: 0n };
}

function over({ epochs }: Grace): Grace {
  return { epochs, held: 0n, over: true };
}
