import type { AccusationView } from '../api/index.ts';
import { accusationStrength, isAccused, isDismissed, type RuleSet2, type StandingAccusation } from '../core/index.ts';

type Numbers = Pick<RuleSet2, 'accusation'>;

/** What stands against a hotspot after an epoch, with what follows from the rule set: how much it takes, and until when. */
export function accusationView(accusation: StandingAccusation, epoch: number, numbers: Numbers): AccusationView {
  const { code, checks, epochs, appeal } = accusation;
  return {
    code,
    epoch: accusation.epoch,
    epochs,
    checks,
    accused: isAccused(accusation, numbers),
    strength: accusationStrength(accusation, epoch, numbers),
    endsEpoch: endOf(accusation, numbers),
    reviewEpochs: numbers.accusation.reviewEpochs,
    ...(appeal
      ? {
          appeal: {
            epoch: appeal.epoch,
            lastReviewEpoch: appeal.epoch + numbers.accusation.reviewEpochs,
            reviews: appeal.reviews,
            ...(appeal.ruling ? { ruling: appeal.ruling.ruling, ruledEpoch: appeal.ruling.epoch } : {}),
          },
        }
      : {}),
  };
}

/** The first epoch after which nothing of it is left, unless new evidence bears it out. */
function endOf(accusation: StandingAccusation, numbers: Numbers): number {
  const { decayEpochs } = numbers.accusation;
  if (isDismissed(accusation)) return (accusation.appeal?.ruling?.epoch ?? accusation.epoch) + decayEpochs;
  return accusation.epoch + (isAccused(accusation, numbers) ? decayEpochs : 1);
}
