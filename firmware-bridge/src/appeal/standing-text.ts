import { epochStartMs, nameOfKey, parseId, type Timing } from '../protocol/index.ts';
import { REASON_TEXTS } from '../status/reason-texts.ts';
import type { Accusation, AppealVerdict, Standing } from './standing.ts';

/** When an epoch is closed and paid, for people. */
export function closingText(epoch: number, timing: Timing): string {
  const at = new Date(epochStartMs(timing, epoch + 1) + timing.epochGraceMs);
  return `epoch ${epoch}, ${at.toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}

/** What stands against a hotspot and what its owner can do, one line each. */
export function standingLines(id: string, { epoch, accusations, appealVerdict }: Standing, timing: Timing): string[] {
  const name = nameOfKey(parseId(id)?.publicKey ?? new Uint8Array(32));
  const when = epoch === undefined ? 'no epoch has judged its place yet' : `after epoch ${epoch}`;
  return [
    `${name} (${id}), ${when}`,
    ...(accusations.length === 0
      ? ['  Nothing stands against it.']
      : accusations.flatMap((one) => accusationLines(one, timing))),
    ...(appealVerdict ? [`  The newest appeal in the log: ${verdictText(appealVerdict, timing)}`] : []),
  ];
}

/** Whether and when an appeal counts, in words. */
function verdictText({ outcome, reason, epoch, final }: AppealVerdict, timing: Timing): string {
  if (outcome === 'valid') {
    return final ? `it counts, since epoch ${epoch}.` : `it will count when ${closingText(epoch, timing)}, closes.`;
  }
  const still = final ? '' : ', as far as can be said before the epoch closes';
  return `it does not count (${reason}: ${REASON_TEXTS[reason]})${still}.`;
}

function accusationLines(accusation: Accusation, timing: Timing): string[] {
  const { code, epoch, epochs, strength, checks } = accusation;
  return [
    `  ${kindOf(accusation)} ${code}: ${REASON_TEXTS[code]}`,
    `    borne out in ${epochs} epochs, last in ${epoch}; it takes ${(strength / 100).toFixed(0)} % of the pay`,
    ...checks.map(
      ({ check, observed, limit, unit }) =>
        `    ${check.replaceAll('_', ' ')}: ${observed ?? '?'}${limit === undefined ? '' : `, limit ${limit}`} ${unit}`,
    ),
    ...whatNext(accusation, timing).map((line) => `    ${line}`),
  ];
}

function kindOf({ accused, appeal }: Accusation): string {
  if (appeal?.ruling === 'dismissed') return 'CLEARED of';
  return accused ? 'ACCUSED of' : 'suspected of';
}

function whatNext({ accused, appeal, code, endsEpoch }: Accusation, timing: Timing): string[] {
  if (appeal?.ruling === 'dismissed') {
    return [
      `your appeal succeeded in epoch ${appeal.ruledEpoch}: it counts no more, and is not raised again before epoch ${endsEpoch}`,
    ];
  }
  const ends = `it ends with ${closingText(endsEpoch, timing)}, unless an epoch bears it out again`;
  if (appeal?.ruling === 'upheld') {
    return [`your appeal did not succeed (epoch ${appeal.ruledEpoch}), and cannot be made again; ${ends}`];
  }
  if (appeal) {
    return [
      `your appeal of epoch ${appeal.epoch} waits for validators, until ${closingText(appeal.lastReviewEpoch, timing)}; ${appeal.reviews.length} have reviewed it`,
      'if too few say anything by then, you may appeal again',
    ];
  }
  if (!accused)
    return [
      `a suspicion ends by itself with ${closingText(endsEpoch, timing)}, unless that epoch bears it out; it cannot be appealed`,
    ];
  return [ends, `to appeal:  sextant-bridge appeal --accusation ${code} --write appeal.json`];
}
