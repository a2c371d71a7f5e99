import { formatId, nameOfKey } from '@sextant/firmware-bridge/protocol';
import { cellToLatLng, getResolution, greatCircleDistance } from 'h3-js';
import type { LocationVerdict, RuleSet2, StandingAccusation, WeighingLink } from '../core/index.ts';
import { accusationView } from './accusation-account.ts';
import { checkLines, describeAccusation } from './describe-accusation.ts';
import type { HotspotAccount } from './hotspot-account.ts';
import { ownershipLines } from './ownership.ts';
import { quantity } from './quantity.ts';
import { wordsOf } from './sentences.ts';

const TOKEN = 10n ** 18n;
const DIRECTIONS = { sent: 'is heard by', heard: 'hears', silent: 'is not heard by' } as const;

/** An account in sentences with every number it rests on, one line each. */
export function explainHotspot(account: HotspotAccount, ruleSet: RuleSet2): string[] {
  const { key, epoch, location, standing } = account;
  const title = `${nameOfKey(key)} (${formatId('hotspot', key)}), epoch ${epoch}`;
  if (!standing) return [title, '', 'The network knows no such hotspot in this epoch.'];
  return [
    title,
    ...(location ? ['', ...placeLines(location)] : ['', 'No location assertion of it is in force.']),
    '',
    `Trust: ${quantity(standing.trust, 'permyriad')} of 1. It flows from audited hotspots and survey devices over links both ends confirm;`,
    `  full trust takes four such links. At ${quantity(ruleSet.trust.trustedFrom, 'permyriad')} its word counts against others, and its links weigh as much as it is trusted.`,
    '',
    ...accusationLines(standing.accusations, epoch, ruleSet),
    '',
    ...(account.ownership ? ownershipLines(account.ownership) : []),
    ...payLines(account, ruleSet),
  ];
}

function placeLines(location: LocationVerdict): string[] {
  const { cell, outcome, reason, checks, law, likeliestCell, region, witnesses, links } = location;
  const words = wordsOf(reason);
  const [first] = region;
  return [
    `Place: cell ${cell.toString(16)}, ${outcome}`,
    `  ${words.what}`,
    ...checkLines(checks),
    ...(likeliestCell === undefined
      ? []
      : [`  likeliest place: cell ${likeliestCell.toString(16)}, ${apart(cell, likeliestCell)} from the asserted one`]),
    ...(first === undefined
      ? []
      : [`  with 95 % it is in ${region.length} cells of resolution ${getResolution(first.toString(16))}`]),
    `  independent witnesses: ${witnesses.length}`,
    ...(links.length === 0
      ? []
      : [lawLine(law), '  links that weigh most:', ...links.map((link) => linkLine(cell, link))]),
    `  What you can do: ${words.advice}`,
  ];
}

function lawLine(law: LocationVerdict['law']): string {
  if (!law)
    return '  too few proven hotspots around hear each other: losses are expected as measured in Brno, with a wide spread';
  const { lossAtKmDdb, exponentPercent, sigmaDdb } = law;
  return [
    `  as proven hotspots around hear each other: ${quantity(lossAtKmDdb, 'ddB')} lost over 1 km`,
    `${quantity(exponentPercent, 'ddB')} more over ten times the distance, and ${quantity(sigmaDdb, 'ddB')} more or less on a link`,
  ].join(', ');
}

function linkLine(cell: bigint, link: WeighingLink): string {
  const { kind, otherKey, otherCell, lossDdb, expectedLossDdb, weight, againstMicronats } = link;
  const side = againstMicronats > 0 ? 'against' : 'for';
  return [
    `    ${DIRECTIONS[kind]} ${nameOfKey(otherKey)}, ${apart(cell, otherCell)} away`,
    `loss ${quantity(lossDdb, 'ddB')}, expected ${quantity(expectedLossDdb, 'ddB')}`,
    `weight ${quantity(weight, 'permyriad')}`,
    `speaks ${side} the claim by ${quantity(Math.abs(againstMicronats), 'micronat')}`,
  ].join('; ');
}

function accusationLines(accusations: readonly StandingAccusation[], epoch: number, ruleSet: RuleSet2): string[] {
  if (accusations.length === 0) return ['Nothing stands against it.'];
  return accusations.flatMap((accusation) => describeAccusation(accusationView(accusation, epoch, ruleSet)));
}

function payLines({ rewards, release, standing }: HotspotAccount, ruleSet: RuleSet2): string[] {
  const paid = rewards.filter(({ held }) => !held).reduce((sum, { amount }) => sum + amount, 0n);
  const held = rewards.filter((line) => line.held).reduce((sum, { amount }) => sum + amount, 0n);
  const grace = standing?.grace;
  return [
    `Pay of the epoch: ${tokens(paid)}${held > 0n ? `, and ${tokens(held)} held until the place is proven` : ''}`,
    ...(release ? [`  ${tokens(release.amount)} of earlier epochs, held until now`] : []),
    ...(grace && !grace.over
      ? [
          `  grace: ${grace.epochs} of ${ruleSet.rewards.insufficientEpochs} epochs used, ${tokens(grace.held)} held; once a key`,
        ]
      : []),
  ];
}

function apart(a: bigint, b: bigint): string {
  const [from, to] = [cellToLatLng(a.toString(16)), cellToLatLng(b.toString(16))];
  return quantity(Math.round(greatCircleDistance(from, to, 'm')), 'm');
}

/** Base units as tokens, four decimals, rounded down. */
function tokens(amount: bigint): string {
  const decimals = String(((amount % TOKEN) * 10_000n) / TOKEN).padStart(4, '0');
  return `${amount / TOKEN}.${decimals} tokens`;
}
