import { describe, expect, it } from 'vitest';
import { isForFitting, readBrno } from './brno.ts';
import { judgeSplit } from './moved-points.ts';
import { summariseReal } from './real-summary.ts';

const brno = readBrno();

describe.skipIf(brno === undefined)(`links measured in Brno${brno ? '' : ' (the data are not here)'}`, () => {
  it('are 291 points and 27 gateways, split in halves that differ by seed', () => {
    expect([brno?.points.length, brno?.gateways.size]).toEqual([291, 27]);
    const halfOf = (seed: string) => brno?.points.filter((point) => isForFitting(point, seed)).map(({ name }) => name);
    expect(halfOf('a')).toEqual(halfOf('a'));
    expect(halfOf('a')).not.toEqual(halfOf('b'));
    expect(Math.abs((halfOf('a')?.length ?? 0) - 145)).toBeLessThan(40);
  });

  it('show more moved claims the farther they are moved, and hardly a true one; free space shows fewer', () => {
    if (!brno) return;
    const summaries = summariseReal(judgeSplit(brno, 'test'));
    const at = (ruleSet: string, km: number) => {
      const found = summaries.find((one) => one.ruleSet === ruleSet && one.km === km);
      if (!found) throw new Error(`no row for ${ruleSet} at ${km} km`);
      return found;
    };
    expect(at('sextant', 40).falseRejected).toBeLessThan(0.05);
    expect(at('helium', 40).falseRejected).toBeLessThan(0.05);
    for (const [near, far] of [
      [5, 10],
      [10, 20],
      [20, 40],
    ] as const) {
      expect(at('sextant', far).caught).toBeGreaterThan(at('sextant', near).caught);
      expect(at('sextant', far).caught).toBeGreaterThan(at('helium', far).caught);
    }
    // Published for the same links (EIRP + gain 22 dBm): 15–17 % at 10 km, 25 % at 20, 49 % at 40.
    expect(at('helium', 10).caught).toBeLessThan(0.3);
  }, 300_000);
});
