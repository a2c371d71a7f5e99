import { type Ddbm, ddbm } from '@sextant/firmware-bridge/protocol';
import type { CoverageCell } from '../epoch/result.ts';

/** What one transmission says about the cell it was sent from. */
export interface CoverageFact {
  readonly cell: bigint;
  readonly kind: 'hotspot' | 'survey_device';
  /** Of its valid links. */
  readonly links: readonly {
    /** Number of the witness. */
    readonly witness: number;
    /** Normalised to the reference EIRP. */
    readonly espDdbm: number;
    readonly snrDdb: number;
  }[];
  /** No hotspot that was online reported it, and there was one. */
  readonly unheard: boolean;
}

interface Tally {
  links: number;
  readonly witnesses: Set<number>;
  espDdbm: number;
  snrDdb: number;
  surveyTransmissions: number;
  unheard: number;
}

/**
 * The cells of an epoch, in ascending order. Covered: a valid link was sent from here. Surveyed and not covered: none was,
 * and at least `notCoveredTransmissions` survey transmissions were reported by nobody. What was surveyed less is unknown and
 * not in the list.
 */
export function computeCoverage(facts: Iterable<CoverageFact>, notCoveredTransmissions: number): CoverageCell[] {
  const tallies = new Map<bigint, Tally>();
  for (const fact of facts) {
    const tally = tallies.get(fact.cell) ?? newTally();
    tallies.set(fact.cell, tally);
    if (fact.kind === 'survey_device') tally.surveyTransmissions++;
    if (fact.kind === 'survey_device' && fact.unheard) tally.unheard++;
    for (const link of fact.links) {
      tally.links++;
      tally.witnesses.add(link.witness);
      tally.espDdbm = Math.max(tally.espDdbm, link.espDdbm);
      tally.snrDdb = Math.max(tally.snrDdb, link.snrDdb);
    }
  }
  return [...tallies]
    .filter(([, tally]) => tally.links > 0 || tally.unheard >= notCoveredTransmissions)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([cell, tally]) => cellOf(cell, tally));
}

function newTally(): Tally {
  return {
    links: 0,
    witnesses: new Set(),
    espDdbm: Number.NEGATIVE_INFINITY,
    snrDdb: Number.NEGATIVE_INFINITY,
    surveyTransmissions: 0,
    unheard: 0,
  };
}

function cellOf(cell: bigint, tally: Tally): CoverageCell {
  const { links, surveyTransmissions } = tally;
  const common = { cell, links, witnesses: tally.witnesses.size, surveyTransmissions };
  if (links === 0) return { ...common, state: 'surveyed_not_covered' };
  const bestEspDdbm: Ddbm = ddbm(tally.espDdbm);
  return { ...common, state: 'covered', bestEspDdbm, bestSnrDdb: tally.snrDdb };
}
