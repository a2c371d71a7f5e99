import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PowerTable } from './power-table.ts';

describe('what a gateway taught about its powers', () => {
  it('asks for what is wanted as long as nothing is known', () => {
    expect(new PowerTable().resolve(14)).toBe(14);
  });

  it('goes down past refused levels, and stops where nothing can be near', () => {
    const table = new PowerTable();
    for (let dbm = 15; dbm > 3; dbm--) {
      table.refused(dbm);
      expect(table.resolve(15)).toBe(dbm - 1);
    }
    table.refused(3);
    expect(table.resolve(15)).toBeUndefined();
  });

  it('remembers corrections in both directions', () => {
    const table = new PowerTable();
    table.accepted(40, 27);
    table.accepted(10, 12);
    expect([table.resolve(40), table.resolve(10), table.resolve(11)]).toEqual([27, 12, 11]);
    expect(table.levelsDbm()).toEqual([12, 27]);
  });

  it('comes to an end with any gateway: every refusal is news', () => {
    const event = fc.tuple(fc.boolean(), fc.integer({ min: -5, max: 30 }), fc.integer({ min: -5, max: 30 }));
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.integer({ min: 0, max: 27 }), (events, wanted) => {
        const table = new PowerTable();
        for (const [accepted, asked, actual] of events) {
          if (accepted) table.accepted(asked, actual);
          else table.refused(asked);
        }
        let tries = 0;
        for (let dbm = table.resolve(wanted); dbm !== undefined; dbm = table.resolve(wanted)) {
          table.refused(dbm);
          expect(++tries).toBeLessThan(50);
        }
      }),
    );
  });
});
