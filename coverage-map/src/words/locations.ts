import type { AccusationView, LocationView, PlaceLinkView, Reason } from '@sextant/oracle/api';
import { counted, formatDdb, formatMetres } from './quantities.ts';
import type { Residual, ResidualClass } from './residuals.ts';

export const RESIDUAL_WORDS: Readonly<Record<ResidualClass, string>> = {
  strong: 'Too strong',
  expected: 'As expected',
  weak: 'Too weak',
};

/** `+16.4 dB`; of silence that nothing was heard. */
export function residualText({ kind, residualDdb }: Residual): string {
  if (kind === 'silent') return 'not heard';
  return `${residualDdb > 0 ? '+' : ''}${formatDdb(residualDdb)}`;
}

export const LINK_KIND_WORDS: Readonly<Record<PlaceLinkView['kind'], string>> = {
  sent: 'heard it',
  heard: 'it heard',
  silent: 'listened in vain',
};

/** The answer to “is it where it says?”. */
export function placeAnswer({ outcome, reason }: Pick<LocationView, 'outcome' | 'reason'>): string {
  if (outcome === 'valid') return 'Yes, its links prove it.';
  if (outcome === 'invalid') return 'No, and it is not paid.';
  return ['too_few_witnesses', 'untrusted', 'too_new'].includes(reason) ? 'Not proven yet.' : 'In doubt, and not paid.';
}

/** What an owner can do, by reason. The same as oracle/docs/rules.md says, shorter. */
const OWNER_CAN: Readonly<Partial<Record<Reason, string>>> = {
  too_few_witnesses:
    'Wait for neighbours or a survey drive; a higher antenna reaches more of them. What it earns is held for some epochs.',
  untrusted:
    'Wait until hotspots or survey devices that the network trusts are linked with it. What it earns is held for some epochs.',
  location_doubted:
    'Check the asserted cell, antenna gain and power, and assert the true place: it then starts a new history. It also ends by itself when the evidence does.',
  too_new: 'Wait: all that it earns is held for a few epochs and then paid out.',
  location_refuted: 'Assert the true place, or let the owner appeal within seven epochs.',
  residual_spread_narrow: 'Let the bridge report what the radio measures, with no software in between.',
  levels_not_reciprocal:
    'Assert the power levels and the antenna gain the gateway really has, and calibrate its RSSI offset.',
  power_steps_ignored: 'Let the bridge report what the radio measures.',
  witness_sets_alike: 'Assert where the antenna really is; hotspots on one roof may say so.',
  unheard_cluster: 'Assert the true place; a survey drive past it proves what can be heard.',
  late_both_ways: 'Put no repeater between the gateway and the air.',
};

export const ownerCan = (reason: Reason): string | undefined => OWNER_CAN[reason];

const FULL_TRUST = 10_000;

/** 92,400 → `9.2`; whole numbers without decimals. Cut, not rounded: nobody is shown more trust than there is. */
const inWitnesses = (permyriad: number): string => {
  const tenths = Math.floor(permyriad / (FULL_TRUST / 10));
  return tenths % 10 === 0 ? String(tenths / 10) : (tenths / 10).toFixed(1);
};

/** `12 independent witnesses, trusted as much as 9.2 whole ones.` */
export function witnessWords({ witnesses, witnessTrust }: Pick<LocationView, 'witnesses' | 'witnessTrust'>): string {
  if (witnesses === 0) return 'No trusted witness yet.';
  const all = witnessTrust === witnesses * FULL_TRUST;
  const count = counted(witnesses, 'independent witness', 'independent witnesses');
  return all
    ? `${count}, fully trusted.`
    : `${count}, together trusted as much as ${inWitnesses(witnessTrust)} of ${witnesses}.`;
}

/** Its own trust: how much its word counts about others. */
export function trustWords(trust: number): string {
  if (trust >= FULL_TRUST) return 'Fully trusted';
  if (trust === 0) return 'Not trusted yet';
  const words = trust >= 7_500 ? 'Largely trusted' : trust >= 2_500 ? 'Partly trusted' : 'Hardly trusted';
  return `${words}, ${Math.floor(trust / 100)} %`;
}

/** How far off the likeliest place is. Below 5 km radio cannot tell places apart. */
export function likeliestWords(distanceM: number): string {
  if (distanceM < 5_000) return 'The likeliest place is within 5 km of the asserted one: nearer, radio cannot tell.';
  return `The likeliest place is ${formatMetres(distanceM)} from the asserted one.`;
}

/** What strengths are compared with. */
export function lawWords({ law }: Pick<LocationView, 'law'>): string {
  if (law === undefined) {
    return 'Expected as measured in Brno, with a wide spread: too few proven hotspots around hear each other.';
  }
  const { lossAtKmDdb, exponentPercent, sigmaDdb } = law;
  // Ten times the exponent in dB is the exponent in per cent in tenths of them.
  const slope = `${formatDdb(exponentPercent)} more over ten times the distance`;
  return `Expected as proven hotspots around hear each other: ${formatDdb(lossAtKmDdb)} lost over 1 km, ${slope}, and ${formatDdb(sigmaDdb)} more or less on a link.`;
}

type Standing = Pick<AccusationView, 'accused' | 'appeal' | 'endsEpoch' | 'epochs'>;

/** Where an accusation stands. */
export function accusationWords({ accused, appeal, endsEpoch, epochs }: Standing): string {
  if (appeal?.ruling === 'dismissed') return `dismissed on appeal in epoch ${appeal.ruledEpoch}: it counts no more`;
  const borneOut = `borne out by ${counted(epochs, 'epoch')}`;
  const what = `${accused ? 'accusation' : 'suspicion'}, ${borneOut}, until epoch ${endsEpoch} unless there is more`;
  if (appeal === undefined) return what;
  return appeal.ruling === 'upheld'
    ? `${what}; the appeal did not succeed`
    : `${what}; an appeal is being reviewed until epoch ${appeal.lastReviewEpoch}`;
}
