import { latLngToCell } from 'h3-js';
import { expect, it } from 'vitest';
import { PRODUCTION_TIMING } from '../ruleset/index.ts';
import { ruleSet2 } from '../ruleset/rule-set.ts';
import { FULL_TRUST, INITIAL_STANDING, type LinkStatistic, type NetworkEvidence, type Radio } from './evidence.ts';
import { EvidenceIndex } from './evidence-index.ts';
import { gatherLinks } from './gather-links.ts';
import { honestSites, townOf } from './samples/radio-town.ts';

const numbers = ruleSet2(PRODUCTION_TIMING);
const PARTS = 40;

/** A town, and a car that its first hotspot heard in forty parts of it. */
function townWithCar(): NetworkEvidence {
  const town = townOf(honestSites(24, 6, 3), { seed: 3 });
  const car = town.radios.length;
  const { cell: _, ...radio } = town.radios[0] as Radio;
  const link = town.links.find(({ receiver }) => receiver === 0) as LinkStatistic;
  const heard = Array.from({ length: PARTS }, (_, i): LinkStatistic => {
    const cell = latLngToCell(49.1 + 0.02 * Math.floor(i / 8), 16.5 + 0.03 * (i % 8), 9);
    return { ...link, sender: car, senderCell: BigInt(`0x${cell}`), receiver: 0 };
  });
  return {
    ...town,
    radios: [...town.radios, { ...radio, key: new Uint8Array(32).fill(99), kind: 'survey_device', owner: 99 }],
    links: [...town.links, ...heard],
    standings: [...town.standings, INITIAL_STANDING],
  };
}

it('a car that was heard in many parts of town takes no hotspot its place among the witnesses', () => {
  const evidence = townWithCar();
  const car = evidence.radios.length - 1;
  const trust = evidence.radios.map((_, i) => (i === car ? FULL_TRUST : FULL_TRUST - 1));
  const index = new EvidenceIndex(evidence, trust, { cells: new Map(), numbers });
  const { links, witnessCells } = gatherLinks(0, index, numbers);
  const linked = new Set(
    [...index.sentBy(0), ...index.heardBy(0)].flatMap(({ sender, receiver }) => [sender, receiver]),
  );
  linked.delete(0);
  expect(linked.size).toBeGreaterThan(5);
  expect(new Set(links.filter(({ kind }) => kind !== 'silent').map(({ other }) => other))).toEqual(linked);
  expect(witnessCells).toBeGreaterThan(5);
  expect(links.filter(({ other }) => other === car)).toHaveLength(numbers.location.maxOthers);
});
