import { latLngToCell } from 'h3-js';
import { expect, test } from 'vitest';
import { boundsOf } from './network-views.ts';

const area = (lat: number, lng: number): bigint => BigInt(`0x${latLngToCell(lat, lng, 7)}`);

test('the box holds all of them with a margin of a few kilometres', () => {
  const [west, south, east, north] = boundsOf([area(49.1, 16.5), area(49.3, 16.7)]) ?? [0, 0, 0, 0];
  expect(west).toBeLessThan(16.5);
  expect(west).toBeGreaterThan(16.4);
  expect(east).toBeGreaterThan(16.7);
  expect(east).toBeLessThan(16.8);
  expect(south).toBeLessThan(49.1);
  expect(north).toBeGreaterThan(49.3);
  expect(boundsOf([])).toBeUndefined();
});

test('across the antimeridian it is west > east, not once round the globe', () => {
  const [west, , east] = boundsOf([area(-17, 179), area(-17, -179.5), area(-18, 178)]) ?? [0, 0, 0, 0];
  expect(west).toBeGreaterThan(177);
  expect(east).toBeLessThan(-179);
});
