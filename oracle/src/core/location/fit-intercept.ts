import { divideRounded } from '../numeric/integers.ts';
import type { LocationNumbers } from '../ruleset/rule-set.ts';
import { FULL_TRUST } from './evidence.ts';
import type { EvidenceIndex } from './evidence-index.ts';
import { explain, type Observation, termOf } from './place-likelihood.ts';
import type { PropagationModel } from './propagation-model.ts';

/** Tried: 0, ±2, ±4 … ±40 dB. */
const STEP_DDB = 20;
const STEPS = 20;

/**
 * How much better than the model a hotspot hears, ddB: the likeliest of a few values, given its prior, its links to places
 * that are proven, and the proven places near by that it never heard. Without the silent ones a hotspot that hears a few
 * lucky far signals would look sensitive. Undefined when it has too few such links.
 */
export function fitIntercept(
  subject: number,
  index: EvidenceIndex,
  { model, numbers }: { readonly model: PropagationModel; readonly numbers: LocationNumbers },
): number | undefined {
  const observations = receptionsOf(subject, index);
  if (observations.length < numbers.location.interceptLinks) return undefined;
  const silent = unheardBy(subject, index, numbers);
  const here = index.pointOf(index.radio(subject).cell as bigint);
  const expected = [...observations, ...silent].map((observation) => ({
    observation,
    expectedLossDdb: explain(here, observation, model.known).expectedLossDdb,
  }));
  const prior = 2 * numbers.propagation.interceptSigmaDdb ** 2;
  let best = { interceptDdb: 0, value: Number.NEGATIVE_INFINITY };
  for (const interceptDdb of CANDIDATES_DDB) {
    let value = -divideRounded(interceptDdb * interceptDdb * 1_000_000 * FULL_TRUST, prior);
    for (const { observation, expectedLossDdb } of expected) {
      // What it hears better than the model lowers the loss to expect.
      value += observation.weight * termOf(observation, expectedLossDdb - interceptDdb, model.known);
    }
    if (value > best.value) best = { interceptDdb, value };
  }
  return best.interceptDdb;
}

const CANDIDATES_DDB: readonly number[] = [
  0,
  ...Array.from({ length: STEPS }, (_, i) => [(i + 1) * STEP_DDB, -(i + 1) * STEP_DDB]).flat(),
];

/** Its links from proven places; the cells of one survey device near each other count as one. */
function receptionsOf(subject: number, index: EvidenceIndex): Observation[] {
  const seen = new Set<number>();
  return index.heardBy(subject).flatMap((link) => {
    const { sender, senderCell, sumLossDdb, count } = link;
    if (!isProven(sender, subject, index)) return [];
    const part = index.partOf(sender, senderCell);
    if (seen.has(part.number)) return [];
    seen.add(part.number);
    const lossDdb = divideRounded(sumLossDdb, count);
    const { x, y, z } = index.pointOf(senderCell);
    return [{ x, y, z, kind: 'heard' as const, lossDdb, known: true, weight: index.weight(sender) }];
  });
}

function unheardBy(subject: number, index: EvidenceIndex, { location, propagation }: LocationNumbers): Observation[] {
  const { cell, onlineRounds } = index.radio(subject);
  if (cell === undefined || onlineRounds < location.silenceRounds) return [];
  const heard = new Set(index.heardBy(subject).map(({ sender }) => sender));
  const unheard = index.nearest(cell, location.maxOthers, (i) => {
    if (heard.has(i) || index.areTooNear(i, subject)) return false;
    return index.radio(i).transmissions >= location.silenceTransmissions && isProven(i, subject, index);
  });
  return unheard.map((i) => ({
    ...index.pointOf(index.radio(i).cell as bigint),
    kind: 'silent' as const,
    lossDdb: propagation.hearingLossDdb,
    known: true,
    weight: index.weight(i),
  }));
}

function isProven(other: number, subject: number, index: EvidenceIndex): boolean {
  const radio = index.radio(other);
  if (other === subject || radio.owner === index.radio(subject).owner || index.weight(other) === 0) return false;
  return radio.kind === 'survey_device' ? radio.anchor : index.standing(other).location === 'valid';
}
