import { describe, expect, it } from 'vitest';
import { openLinkBook } from './link-book.ts';
import { findNarrowResiduals } from './residual-spread.ts';
import { everyDirection, type LossForger, withForged } from './samples/forged.ts';
import { freeSpaceDdb } from './samples/free-space.ts';
import { SAMPLE_RADIO, sampleEvidence, townCells } from './samples/small-world.ts';
import { TRUST_NUMBERS } from './samples/trust-numbers.ts';

const places = townCells(40, 12_000, 1).map((claimed) => ({ claimed }));
const honest = sampleEvidence(places);
const trusted = honest.radios.map(() => 10_000);
const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

const find = (
  evidence: typeof honest,
  trust = trusted,
  alike: readonly { readonly radios: readonly number[] }[] = [],
) => findNarrowResiduals(openLinkBook(evidence, new Map()), { trust, alike }, TRUST_NUMBERS);

/** What radio 0 says it hears of everybody. */
const told = (lossOf: LossForger, spreadDdb = 0) =>
  withForged(
    honest,
    range(1, 39).map((sender) => [sender, 0] as const),
    { seed: 1, lossOf, spreadDdb },
  );

describe('residuals around a line over distance', () => {
  it('spread widely where radio is real, in towns and where hardly anything is heard', () => {
    for (const [count, widthM] of [
      [40, 12_000],
      [60, 40_000],
      [80, 70_000],
    ] as const) {
      const cells = townCells(count, widthM, 2).map((claimed) => ({ claimed }));
      const evidence = sampleEvidence(cells, { ...SAMPLE_RADIO, seed: count });
      expect(
        find(
          evidence,
          evidence.radios.map(() => 10_000),
        ),
      ).toEqual([]);
      expect(
        find(
          evidence,
          evidence.radios.map(() => 0),
        ),
      ).toEqual([]);
    }
  });

  it.each([
    ['free space', freeSpaceDdb, 0],
    ['free space with a dB of noise', (m) => freeSpaceDdb(m) + 10, 10],
    ['one attenuator', () => 1100, 12],
  ] satisfies [string, LossForger, number][])('are too narrow when levels are made of %s', (_, lossOf, spread) => {
    const [suspicion, ...others] = find(told(lossOf, spread));
    expect(others).toEqual([]);
    expect(suspicion).toMatchObject({ code: 'residual_spread_narrow', radios: [0] });
    expect(suspicion?.checks.map(({ check }) => check)).toEqual(['residual_links', 'residual_spread']);
    const { observed = 99, limit, margin } = suspicion?.checks[1] ?? {};
    expect([limit, margin]).toEqual([20, observed - 20]);
    expect(observed).toBeLessThan(20);
  });

  it('are not those of who hears many keys of one antenna', () => {
    const evidence = told(() => 1100, 12);
    expect(find(evidence, trusted, [{ radios: range(1, 39) }])).toEqual([]);
  });

  it('are not those of who was there before keys of one level came', () => {
    const evidence = told(() => 1100, 12);
    const came = (epoch: number) =>
      evidence.radios.map((radio, i) => (i === 0 ? radio : { ...radio, fromEpoch: epoch }));
    expect(find({ ...evidence, radios: came(14) })).toEqual([]);
    expect(find({ ...evidence, radios: came(0) })).toHaveLength(1);
  });

  it('are wide enough when a liar scatters them like nature', () => {
    expect(find(told((m, random) => freeSpaceDdb(m) + 250 + random.normal(80)))).toEqual([]);
  });

  it('are narrow in a room of six, whose members each have too few links to tell', () => {
    const room = range(0, 6);
    const cells = townCells(6, 9_000, 4).map((claimed) => ({ claimed }));
    const claims = sampleEvidence(cells, { ...SAMPLE_RADIO, interceptDdb: 3000 });
    const evidence = withForged(claims, everyDirection(room), { seed: 1, lossOf: () => 1100, spreadDdb: 12 });
    const found = find(
      evidence,
      room.map(() => 0),
    );
    expect(found.map(({ radios }) => radios)).toEqual([room]);
    expect(
      find(
        evidence,
        room.map(() => 10_000),
      ),
    ).toEqual([]);
  });
});
