import { compareBytes, DOMAINS, domainMessage } from '@sextant/firmware-bridge/protocol';
import type { EpochContext } from '../epoch-context.ts';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import type { HeardTransmission, JudgedEpoch } from './judge-epoch.ts';
import type { PayRoll } from './pay-roll.ts';

interface SelectionInputs {
  readonly facts: EpochFacts;
  readonly judged: Pick<JudgedEpoch, 'links' | 'transmissions'>;
  readonly payRoll: PayRoll;
}

/**
 * Draws the witnesses of each transmission that are paid: those with the smallest SHA-256("sextant/v1/witness-rank" ‖ 0x00
 * ‖ networkId ‖ entropy ‖ transmission id ‖ witness key), up to the number the rule set says. The entropy is the next round's,
 * which nobody knew at the time. Only valid links of keys that are paid take part, so nobody else takes a place; and none
 * of a sender whose place is in doubt.
 * Returns the number of paid witnesses of each transmission.
 */
export function selectWitnesses(context: EpochContext, { facts, judged, payRoll }: SelectionInputs): number[] {
  const { links, transmissions } = judged;
  const entropyOf = createRankEntropy(context, facts, transmissions);
  const { paidWitnesses } = context.ruleSet.link;
  return transmissions.map((transmission) => {
    if (!payRoll.stands(facts.reports.reporterNumber(transmission.row))) return 0;
    const candidates = Array.from({ length: transmission.links }, (_, i) => transmission.firstLink + i)
      .filter((link) => payRoll.isPaid(links.witnessOf(link)))
      .map((link) => ({ link, witness: facts.reports.keyOf(links.witnessOf(link)) }));
    if (candidates.length > paidWitnesses) {
      const rankOf = createRanking(context, entropyOf(transmission.facts.round), facts.reports.idOf(transmission.row));
      const ranked = candidates.map(({ link, witness }) => ({ link, rank: rankOf(witness) }));
      ranked.sort((a, b) => compareBytes(a.rank, b.rank));
      for (const { link } of ranked.slice(0, paidWitnesses)) links.select(link);
      return paidWitnesses;
    }
    for (const { link } of candidates) links.select(link);
    return candidates.length;
  });
}

function createRanking(
  { network, sha256 }: EpochContext,
  entropy: Uint8Array,
  transmission: Uint8Array,
): (witness: Uint8Array) => Uint8Array {
  const seed = domainMessage(DOMAINS.witnessRank, network.networkId, entropy, transmission);
  const message = new Uint8Array(seed.length + 32);
  message.set(seed);
  return (witness) => {
    message.set(witness, seed.length);
    return sha256(message);
  };
}

/** The next round's entropy; where that round is void, SHA-256 of the round's own revealed links in ascending order. */
function createRankEntropy(
  { sha256 }: EpochContext,
  facts: EpochFacts,
  transmissions: readonly HeardTransmission[],
): (round: number) => Uint8Array {
  const known = new Map<number, Uint8Array>();
  return (round) => {
    const entropy =
      known.get(round) ?? facts.certificates.find(round + 1)?.entropy ?? sha256(linksOf(transmissions, round));
    known.set(round, entropy);
    return entropy;
  };
}

function linksOf(transmissions: readonly HeardTransmission[], round: number): Uint8Array {
  const links = transmissions.filter(({ facts }) => facts.round === round).map(({ chainLink }) => chainLink);
  const bytes = new Uint8Array(32 * links.length);
  links.sort(compareBytes).forEach((link, i) => bytes.set(link, 32 * i));
  return bytes;
}
