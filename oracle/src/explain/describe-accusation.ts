import type { Check } from '@sextant/firmware-bridge/protocol';
import type { AccusationView } from '../api/index.ts';
import { comparison, quantity } from './quantity.ts';
import { checkName, wordsOf } from './sentences.ts';

/** What stands against a hotspot in sentences with every number, one line each. */
export function describeAccusation(accusation: AccusationView): string[] {
  const { code, checks, epochs, epoch } = accusation;
  const words = wordsOf(code);
  const isDismissed = accusation.appeal?.ruling === 'dismissed';
  return [
    `${isDismissed ? 'Cleared' : accusation.accused ? 'Accused' : 'Suspected'} of ${code}: ${words.what}`,
    `  borne out in ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, last in ${epoch}; it takes ${quantity(accusation.strength, 'permyriad')} of its pay in this one`,
    ...endLines(accusation),
    ...checkLines(checks),
    ...appealLines(accusation),
    ...(isDismissed ? [] : [`  What you can do: ${words.advice}`]),
  ];
}

export function checkLines(checks: readonly Check[]): string[] {
  return checks.map((check) => `  ${checkName(check.check)}: ${comparison(check)}`);
}

function endLines({ accused, endsEpoch, appeal }: AccusationView): string[] {
  if (appeal?.ruling === 'dismissed') return [`  the same is not raised again before epoch ${endsEpoch}`];
  return accused
    ? [`  it decays in equal steps and ends in epoch ${endsEpoch}, if no epoch bears it out again`]
    : [`  it ends in epoch ${endsEpoch}, if that one does not bear it out; it is an accusation once three have`];
}

function appealLines({ accused, appeal }: AccusationView): string[] {
  if (!appeal) {
    return accused ? ['  the owner can appeal, with  sextant-bridge appeal  on the machine of the bridge'] : [];
  }
  const { epoch, lastReviewEpoch, reviews, ruling, ruledEpoch } = appeal;
  if (ruling === 'dismissed') {
    return [`  appealed in epoch ${epoch}; dismissed by validators in epoch ${ruledEpoch}: it counts no more`];
  }
  if (ruling === 'upheld') {
    return [
      `  appealed in epoch ${epoch}; upheld by validators in epoch ${ruledEpoch}: it stays until it has decayed, and cannot be appealed again`,
    ];
  }
  const dismissing = reviews.filter((review) => review.ruling === 'dismissed').length;
  return [
    `  appealed in epoch ${epoch}; waits for reviews until epoch ${lastReviewEpoch}: so far ${dismissing} to dismiss it, ${reviews.length - dismissing} to uphold it`,
  ];
}
