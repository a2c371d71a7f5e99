import { expect, it } from 'vitest';
import { regroup } from './land.ts';

type Ring = [number, number][];
const clockwise = (left: number, bottom: number, size: number): Ring => [
  [left, bottom],
  [left, bottom + size],
  [left + size, bottom + size],
  [left + size, bottom],
  [left, bottom],
];
const anticlockwise = (left: number, bottom: number, size: number): Ring => clockwise(left, bottom, size).reverse();

it('puts a sea into the smallest land round it, in the order RFC 7946 wants', () => {
  const continent = clockwise(0, 0, 100);
  const island = clockwise(20, 20, 40);
  const sea = anticlockwise(30, 30, 5);
  expect(regroup([continent, sea, island])).toEqual([
    [anticlockwise(20, 20, 40), clockwise(30, 30, 5)],
    [anticlockwise(0, 0, 100)],
  ]);
});

it('leaves out what has no area', () => {
  expect(
    regroup([
      [
        [-180, -16],
        [-180, -16.00001],
        [-180, -16],
      ],
    ]),
  ).toEqual([]);
});

it('leaves out a sea with no land round it', () => {
  expect(regroup([anticlockwise(0, 0, 5)])).toEqual([]);
});
