import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FULL_TRUST, type NetworkEvidence, type Standing } from '../location/evidence.ts';
import { computeTrust } from './compute-trust.ts';
import { complete, graphEvidence, oneWay, type Pair } from './samples/graphs.ts';
import { IntegerRandom } from './samples/integer-random.ts';
import { TRUST_NUMBERS } from './samples/trust-numbers.ts';

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
const trustOf = (evidence: NetworkEvidence): number[] => computeTrust(evidence, TRUST_NUMBERS);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** A town of radios in a ring, each in touch with the eight nearest, and so many chance links besides. */
function town(size: number, seed: number): Pair[] {
  const random = new IntegerRandom(seed);
  const near = range(0, size).flatMap((i) => range(1, 4).map((step): Pair => [i, (i + step) % size]));
  const far = range(0, size).map((): Pair => [random.below(size), random.below(size)]);
  const names = new Map(
    [...near, ...far]
      .filter(([a, b]) => a !== b)
      .map(([a, b]) => [`${Math.min(a, b)} ${Math.max(a, b)}`, [a, b] as Pair]),
  );
  return [...names.values()];
}

const ANCHORS = [0, 12, 24, 36, 48];
const SIZE = 60;

describe('trust', () => {
  it('is full for everybody in an honest town with five anchors', () => {
    for (const seed of range(1, 5)) {
      expect(Math.min(...trustOf(graphEvidence(SIZE, town(SIZE, seed), ANCHORS)))).toBe(FULL_TRUST);
    }
  });

  it('is none for four fresh keys in one room, anchors or not', () => {
    const room = complete(range(SIZE, 4));
    const trust = trustOf(graphEvidence(SIZE + 4, [...town(SIZE, 1), ...room], ANCHORS));
    expect(trust.slice(SIZE)).toEqual([0, 0, 0, 0]);
    expect(trustOf(graphEvidence(4, complete(range(0, 4)), []))).toEqual([0, 0, 0, 0]);
  });

  it('is none for keys that a single bought anchor of five confirms, however the others know that anchor', () => {
    const bought = ANCHORS[0] as number;
    const keys = range(SIZE, 12);
    const pairs = [...town(SIZE, 1), ...complete(keys), ...keys.map((key): Pair => [bought, key])];
    const trust = trustOf(graphEvidence(SIZE + 12, pairs, ANCHORS));
    expect(trust.slice(SIZE)).toEqual(keys.map(() => 0));
    expect(Math.min(...trust.slice(0, SIZE))).toBe(FULL_TRUST);
  });

  it('needs no anchor far away when one is near: a town of ten lives on a single one', () => {
    expect(Math.min(...trustOf(graphEvidence(10, complete(range(0, 10)), [3])))).toBe(FULL_TRUST);
  });

  it('is in proportion to mutual links up to four', () => {
    const pairs = [...town(SIZE, 1), [SIZE, 1], [SIZE, 5]] as Pair[];
    expect(trustOf(graphEvidence(SIZE + 1, pairs, ANCHORS))[SIZE]).toBe(FULL_TRUST / 2);
  });

  it('does not flow over one reception, one direction, or between hotspots of one owner', () => {
    const base = graphEvidence(SIZE + 3, town(SIZE, 1), ANCHORS);
    const ends = range(1, 8);
    const once = ends.flatMap((end) => [oneWay(SIZE, end, 1), oneWay(end, SIZE, 1)]);
    const heardOnly = ends.map((end) => oneWay(SIZE + 1, end));
    const owned = ends.flatMap((end) => [oneWay(SIZE + 2, end), oneWay(end, SIZE + 2)]);
    const owners = base.radios.map((radio, i) =>
      ends.includes(i) || i === SIZE + 2 ? { ...radio, owner: 999 } : radio,
    );
    const evidence = { ...base, radios: owners, links: [...base.links, ...once, ...heardOnly, ...owned] };
    expect(trustOf(evidence).slice(SIZE)).toEqual([0, 0, 0]);
  });

  it('flows over a link that one end answered once, half as much as over one it answered often', () => {
    const base = graphEvidence(SIZE + 2, town(SIZE, 1), ANCHORS);
    const answered = [oneWay(SIZE, 1, 2), oneWay(1, SIZE, 1), oneWay(SIZE + 1, 1, 1), oneWay(1, SIZE + 1, 2)];
    const [heard, hears] = trustOf({ ...base, links: [...base.links, ...answered] }).slice(SIZE);
    expect([heard, hears]).toEqual([FULL_TRUST / 8, FULL_TRUST / 8]);
  });

  it('gives who only listens what one mutual link gives, however much it claims to hear', () => {
    const base = graphEvidence(SIZE + 1, town(SIZE, 1), ANCHORS);
    const radios = base.radios.map((radio, i) => (i === SIZE ? { ...radio, transmissions: 0 } : radio));
    const links = [...base.links, ...range(0, 40).map((end) => oneWay(end, SIZE))];
    expect(trustOf({ ...base, radios, links })[SIZE]).toBe(FULL_TRUST / 4);
  });

  it('flows through nobody whose place is in doubt or who stands accused', () => {
    const pairs: Pair[] = [...town(SIZE, 1), ...range(0, 5).map((i): Pair => [SIZE, i + 5]), [SIZE, SIZE + 1]];
    const base = graphEvidence(SIZE + 2, pairs, ANCHORS);
    const spoil = (change: Partial<Standing>): NetworkEvidence => ({
      ...base,
      standings: base.standings.map((standing, i) => (i === SIZE ? { ...standing, ...change } : standing)),
    });
    const suspicion = { code: 'unheard_cluster', epoch: 19, epochs: 1, checks: [] } as const;
    expect(trustOf(base)[SIZE + 1]).toBeGreaterThan(0);
    for (const change of [
      { doubt: { ofProven: true, epochs: 1, witnesses: [] } },
      { location: 'invalid' },
      { accusations: [suspicion] },
    ] satisfies Partial<Standing>[]) {
      expect(trustOf(spoil(change)).slice(SIZE)).toEqual([0, 0]);
    }
  });

  it('survives one of five anchors being bought', () => {
    const gang = range(SIZE, 30);
    const bought = gang.map((member): Pair => [0, member]);
    const trust = trustOf(graphEvidence(SIZE + 30, [...town(SIZE, 1), ...complete(gang), ...bought], ANCHORS));
    expect(Math.max(...trust.slice(SIZE))).toBeLessThan(TRUST_NUMBERS.trust.trustedFrom);
    expect(Math.min(...trust.slice(0, SIZE))).toBeGreaterThan(FULL_TRUST / 2);
  });

  it('is small in a clique of fifty that trickles five honest links, and leaves the honest theirs', () => {
    const gang = range(SIZE, 50);
    const trickle = range(0, 5).map((i): Pair => [SIZE + i, 7 * i + 2]);
    const trust = trustOf(graphEvidence(SIZE + 50, [...town(SIZE, 1), ...complete(gang), ...trickle], ANCHORS));
    expect(sum(trust.slice(SIZE)) / 50).toBeLessThan(FULL_TRUST / 4);
    expect(Math.min(...trust.slice(0, SIZE))).toBe(FULL_TRUST);
  });
});

describe('laws of trust', () => {
  it('behind k links to the honest there is at most O(k log n) trust, however many radios', () => {
    const attack = fc.record({
      fakes: fc.integer({ min: 1, max: 120 }),
      edges: fc.array(fc.tuple(fc.nat(SIZE - 1), fc.nat()), { minLength: 1, maxLength: 8 }),
      inside: fc.integer({ min: 0, max: 6 }),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(attack, ({ fakes, edges, inside, seed }) => {
        const random = new IntegerRandom(seed);
        const gang = range(SIZE, fakes);
        const internal = gang.flatMap((a) => range(0, inside).map((): Pair => [a, SIZE + random.below(fakes)]));
        const attacking = edges.map(([honest, fake]): Pair => [honest, SIZE + (fake % fakes)]);
        const named = new Map(
          [...internal, ...attacking]
            .filter(([a, b]) => a !== b)
            .map((pair) => [[...pair].sort((a, b) => a - b).join(' '), pair]),
        );
        const trust = trustOf(graphEvidence(SIZE + fakes, [...town(SIZE, 1), ...named.values()], ANCHORS));
        // Ten rounds, a full radio for every four links: what passes an attack edge is at most ten fourths of full
        // trust times the strength of its honest end, a few times the typical.
        expect(sum(trust.slice(SIZE))).toBeLessThanOrEqual(edges.length * 10 * FULL_TRUST);
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the order of radios or on what owners are called', () => {
    const evidence = graphEvidence(SIZE, town(SIZE, 3), ANCHORS);
    const before = trustOf(evidence);
    fc.assert(
      fc.property(fc.shuffledSubarray(range(0, SIZE), { minLength: SIZE }), (order) => {
        const place = new Map(order.map((old, now) => [old, now]));
        const at = (old: number): number => place.get(old) ?? -1;
        const shuffled: NetworkEvidence = {
          ...evidence,
          radios: order.flatMap((old) => {
            const radio = evidence.radios[old];
            return radio ? [{ ...radio, owner: 5000 - radio.owner }] : [];
          }),
          links: evidence.links
            .map((link) => ({ ...link, sender: at(link.sender), receiver: at(link.receiver) }))
            .reverse(),
        };
        const after = trustOf(shuffled);
        expect(range(0, SIZE).map((old) => after[at(old)])).toEqual(before);
      }),
      { numRuns: 10 },
    );
  });
});
