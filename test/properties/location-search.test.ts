import { DEMO_TIMING, PlaceGrid, ruleSet2, searchPlaces } from '@sextant/oracle/core';
import { expect, it } from 'vitest';
import { placeModels, randomCases } from '../bench/location/random-cases.ts';
import { searchEverywhere } from '../bench/location/search-everywhere.ts';
import { runs } from '../support/runs.ts';

const numbers = ruleSet2(DEMO_TIMING);
const grid = new PlaceGrid(new Map());
const models = placeModels(numbers);

it('finds from coarse to fine what comparing every cell finds', { timeout: 1_200_000 }, () => {
  for (const [i, question] of randomCases(runs(10_000), 4711).entries()) {
    const modules = { grid, model: models[i % 2 === 0 ? 0 : 1] };
    const { gapMicronats, likeliest } = searchPlaces(question, modules, numbers);
    const reference = searchEverywhere(question, modules, numbers);
    expect({ gapMicronats, likeliestCell: likeliest.cell }).toEqual({
      gapMicronats: reference.gapMicronats,
      likeliestCell: reference.likeliestCell,
    });
  }
});
