import {
  type LocationNumbers,
  type Place,
  type PlaceGrid,
  PlaceLikelihood,
  type PlaceModel,
  type PlaceQuestion,
  startsOf,
} from '@sextant/oracle/core';

export interface ExhaustiveAnswer {
  readonly gapMicronats: number;
  readonly likeliestCell: bigint;
  /** Places compared. */
  readonly places: number;
}

const FULL_WEIGHT = 10_000;
const FINEST = 8;

/** The search as it is defined: every cell of resolution 8 in reach, one after the other. */
export function searchEverywhere(
  question: PlaceQuestion,
  { grid, model }: { readonly grid: PlaceGrid; readonly model: PlaceModel },
  numbers: Pick<LocationNumbers, 'location'>,
): ExhaustiveAnswer {
  const likelihood = new PlaceLikelihood(model, question.observations);
  const here = [question.claim, ...grid.near(question.claim.cell, numbers.location.claimRings)];
  const claimed = Math.max(...here.map((place) => likelihood.at(place)));
  let best = claimed;
  let likeliestCell = question.claim.cell;
  let places = 0;
  const visit = (candidates: readonly Place[], levels: number): void => {
    for (const place of candidates) {
      if (levels > 0) {
        visit(grid.childrenOf(place), levels - 1);
        continue;
      }
      places++;
      const value = likelihood.at(place);
      const isSmaller = likeliestCell !== question.claim.cell && place.cell < likeliestCell;
      if (value < best || (value === best && !isSmaller)) continue;
      best = value;
      likeliestCell = place.cell;
    }
  };
  const starts = startsOf(question, grid, numbers);
  const [coarsest] = starts;
  visit(starts, coarsest ? FINEST - resolutionOf(coarsest.cell) : 0);
  return { gapMicronats: Math.floor((best - claimed) / FULL_WEIGHT), likeliestCell, places };
}

function resolutionOf(cell: bigint): number {
  return Number((cell >> 52n) & 0xfn);
}
