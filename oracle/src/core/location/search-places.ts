import { parentCell, resolutionOf } from '../coverage/parent-cell.ts';
import type { LocationNumbers } from '../ruleset/rule-set.ts';
import { FULL_TRUST } from './evidence.ts';
import { COARSEST, FINEST, type Place, type PlaceGrid } from './place-grid.ts';
import { type Observation, PlaceLikelihood, type PlaceModel } from './place-likelihood.ts';

/** A claim and what the links say about it. */
export interface PlaceQuestion {
  readonly claim: Pick<Place, 'cell' | 'x' | 'y' | 'z'>;
  readonly observations: readonly Observation[];
  /** Cells around which to search, besides the claim: of those it is linked with. */
  readonly around: readonly bigint[];
  /** The claim is a mountain over the places of those it is linked with: its levels may be those of one. */
  readonly onHill?: boolean;
}

export interface PlaceAnswer {
  /** By how much the likeliest place is better than the claim and the cells about it, at least 0. */
  readonly gapMicronats: number;
  /** Of resolution 8, or the claim itself where nothing is better. */
  readonly likeliest: Pick<Place, 'cell' | 'x' | 'y' | 'z'>;
  /** Holds the place with 95 %, ascending: cells of resolution 7, or coarser where there were too many. */
  readonly region: readonly bigint[];
  /** The law of a mountain suits the claim better. */
  readonly byHillLaw: boolean;
}

export interface PlaceModules {
  readonly grid: PlaceGrid;
  readonly model: PlaceModel;
}

type Numbers = Pick<LocationNumbers, 'location'>;

/**
 * Compares the claim with every cell of resolution 8 in reach of the radios it is linked with. The claim is as likely as the
 * likeliest cell within a few rings of it, and on a mountain has the better of two laws on its side. Coarse to fine: a coarser
 * cell is opened unless no place in it can be as likely as the best so far, so the answer is exactly that of comparing
 * every cell. Of equally likely cells the one with the smaller index counts. The region are the cells of resolution 7 whose
 * centres are likely enough, with those that hold the likeliest place and, if it is, the claim.
 */
export function searchPlaces(question: PlaceQuestion, modules: PlaceModules, numbers: Numbers): PlaceAnswer {
  const { claim, observations } = question;
  const { grid } = modules;
  const likelihood = new PlaceLikelihood(modules.model, observations);
  const slack = numbers.location.regionMicronats * FULL_TRUST;
  const here = [claim, ...grid.near(claim.cell, numbers.location.claimRings)];
  const greatestOf = (places: PlaceLikelihood): number => Math.max(...here.map((place) => places.at(place)));
  const inStreets = greatestOf(likelihood);
  const onHill = question.onHill ? greatestOf(new PlaceLikelihood(modules.model, observations, true)) : -Infinity;
  const claimed = Math.max(inStreets, onHill);
  let best: Found = { place: claim, value: claimed };
  const found: Found[] = [];

  const visit = (places: readonly Place[]): void => {
    const least = best.value - slack;
    const bounded = places
      .map((place) => ({ place, bound: likelihood.boundOf(place, least) }))
      .filter(({ bound }) => bound >= least)
      .sort((a, b) => b.bound - a.bound);
    for (const { place, bound } of bounded) {
      if (bound < best.value - slack) return;
      const isLast = resolutionOf(place.cell) + 1 === FINEST;
      if (isLast) found.push({ place, value: likelihood.at(place) });
      if (!isLast) visit(grid.childrenOf(place));
      else if (bound >= best.value) for (const child of grid.childrenOf(place)) compare(child);
    }
  };
  const compare = (place: Place): void => {
    const value = likelihood.at(place, best.value);
    if (value > best.value || (value === best.value && best.place !== claim && place.cell < best.place.cell)) {
      best = { place, value };
    }
  };

  visit(startsOf(question, grid, numbers));
  found.push(best, { place: claim, value: claimed });
  const likely = found.filter(({ value }) => value >= best.value - slack);
  const cells = likely.map(({ place }) => parentCell(place.cell, FINEST - 1));
  return {
    gapMicronats: Math.floor((best.value - claimed) / FULL_TRUST),
    likeliest: best.place,
    region: regionOf(cells, numbers.location.regionCells),
    byHillLaw: onHill > inStreets,
  };
}

interface Found {
  readonly place: Pick<Place, 'cell' | 'x' | 'y' | 'z'>;
  readonly value: number;
}

/** Where a search begins: the coarsest cells around the claim and everybody it is linked with. */
export function startsOf({ claim, around }: PlaceQuestion, grid: PlaceGrid, { location }: Numbers): Place[] {
  return grid.around([claim.cell, ...around], location.searchRings);
}

/** At most so many cells that hold all of them: of the finest resolution that has no more. */
function regionOf(cells: readonly bigint[], limit: number): bigint[] {
  let region = [...new Set(cells)];
  for (let resolution = FINEST - 2; region.length > limit && resolution >= COARSEST - 1; resolution--) {
    region = [...new Set(region.map((cell) => parentCell(cell, resolution)))];
  }
  return region.sort((a, b) => (a < b ? -1 : 1));
}
