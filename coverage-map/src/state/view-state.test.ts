import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatView, LISTS, parseView, type ViewState } from './view-state.ts';

const camera = fc.record({
  lat: fc.integer({ min: -9_000_000, max: 9_000_000 }).map((value) => value / 1e5),
  lng: fc.integer({ min: -17_999_999, max: 17_999_999 }).map((value) => value / 1e5),
  zoom: fc.integer({ min: 0, max: 2200 }).map((value) => value / 100),
});
const selection = fc.oneof(
  fc.constant({ kind: 'hex' as const, cell: '891e24aa8d7ffff' }),
  fc.constant({ kind: 'owner' as const }),
  fc.constant({ kind: 'owner' as const, address: `0x${'a1'.repeat(20)}` }),
  fc.constant({ kind: 'owner' as const, address: `0x${'a1'.repeat(20)}`, claim: '7f'.repeat(32) }),
  fc.constant({ kind: 'hotspot' as const, id: 'hs1qpzry9x8gf2tvdw0s3jn54khce6mua7lqpzry9x8gf2tvdw0s3jn54' }),
);
const view: fc.Arbitrary<ViewState> = fc.record(
  {
    camera,
    selection,
    epoch: fc.nat({ max: 999_999_999 }),
    list: fc.constantFrom(...LISTS),
    theme: fc.constantFrom('dark' as const, 'light' as const),
  },
  { requiredKeys: ['list'] },
);

it('shows the same view again', () => {
  fc.assert(
    fc.property(view, (each) => {
      expect(parseView(formatView(each))).toEqual(each);
    }),
  );
});

it('brings the camera into the world', () => {
  expect(formatView({ list: 'live', camera: { lat: 1, lng: 540.25, zoom: 3 } })).toBe('?at=1,-179.75,3');
  expect(formatView({ list: 'live', camera: { lat: -0.000001, lng: 0, zoom: 3.001 } })).toBe('?at=0,0,3');
});

it.each([
  '?at=91,0,3',
  '?at=0,181,3',
  '?at=0,0,23',
  '?at=0,0',
  '?at=NaN,0,1',
  '?epoch=-1',
  '?epoch=1e3',
  '?epoch=01',
  '?hex=891e24aa8d7fff',
  '?hex=zzz',
  '?hotspot=hs1../../x',
  '?hotspot=sv1qpzry9x8gf2',
  '?theme=javascript:alert(1)',
  '?list=__proto__',
  '?%',
])('takes %s for the plain view', (query) => {
  expect(parseView(query)).toEqual({ list: 'live' });
});

it('reads anything at all', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(LISTS).toContain(parseView(`?${text}`).list);
    }),
  );
});
