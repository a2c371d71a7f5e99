import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CanonicalValue, canonicalJson } from './canonical-json.ts';

describe('canonical JSON', () => {
  it('sorts names as RFC 8785 §3.2.3 shows', () => {
    const input = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const values = [...canonicalJson(input).matchAll(/:"([^"]*)"/g)].map((match) => match[1]);
    expect(values).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('escapes as the example of RFC 8785 §3.2.2', () => {
    const input = { string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/', literals: [true, false] };
    expect(canonicalJson(input)).toBe('{"literals":[true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}');
  });

  it('writes integers as numbers, bigints as decimal strings and bytes as hex', () => {
    expect(canonicalJson({ b: -9007199254740991, a: 10n ** 30n, c: Uint8Array.of(0, 255) })).toBe(
      '{"a":"1000000000000000000000000000000","b":-9007199254740991,"c":"00ff"}',
    );
  });

  it.each([
    0.5,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    null,
    undefined,
    { a: undefined },
    { a: null },
    '\ud800',
    { '\udc00': 1 },
    new Map(),
    () => 1,
    Symbol('x'),
  ])('refuses %s', (value) => {
    expect(() => canonicalJson(value as unknown as CanonicalValue)).toThrow(TypeError);
  });

  it('is JSON that means the same, whatever the order members were added in', () => {
    const leaf = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.boolean(),
      fc.maxSafeInteger().map((n) => n + 0),
    );
    const { tree } = fc.letrec<{ tree: CanonicalValue }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('tree'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }));
    const reversed = (value: CanonicalValue): CanonicalValue => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object') return value;
      const entries = Object.entries(value as Record<string, CanonicalValue>).reverse();
      return Object.fromEntries(entries.map(([name, inner]) => [name, reversed(inner)]));
    };
    fc.assert(
      fc.property(tree, (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(value);
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });
});
