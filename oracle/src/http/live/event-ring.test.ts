import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventRing } from './event-ring.ts';

test('keeps the newest events within both limits, and knows what it no longer has', () => {
  const limits = fc.record({
    maxEvents: fc.integer({ min: 1, max: 9 }),
    maxCharacters: fc.integer({ min: 1, max: 60 }),
  });
  fc.assert(
    fc.property(limits, fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 60 }), (options, lengths) => {
      const ring = new EventRing(options);
      const all: string[] = [];
      for (const length of lengths) {
        ring.push((sequence) => {
          expect(sequence).toBe(all.length + 1);
          all.push('x'.repeat(length));
          return all.at(-1) ?? '';
        });
      }
      let kept = 0;
      let characters = 0;
      while (kept < options.maxEvents && kept < all.length) {
        characters += all[all.length - 1 - kept]?.length ?? 0;
        if (characters > options.maxCharacters) break;
        kept += 1;
      }
      expect(ring.last).toBe(all.length);
      for (let sequence = 0; sequence <= all.length + 1; sequence++) {
        const holds = sequence <= all.length && sequence >= all.length - kept;
        expect(ring.holdsAfter(sequence)).toBe(holds);
        if (holds) expect(ring.after(sequence)?.text).toBe(all[sequence]);
      }
    }),
  );
});
