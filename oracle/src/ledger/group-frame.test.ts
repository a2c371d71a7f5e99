import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBundle, encodeBundle } from './entry-bundle.ts';
import { decodeGroup, encodeGroup } from './group-frame.ts';

const entriesArbitrary = fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 8 });
const groupArbitrary = fc.record({
  firstLeaf: fc.maxSafeNat().filter((leaf) => leaf < Number.MAX_SAFE_INTEGER - 10),
  note: fc.uint8Array({ maxLength: 200 }),
  entries: entriesArbitrary,
});
const plain = (bytes: readonly Uint8Array[]) => bytes.map((entry) => [...entry]);

describe('a group in a segment', () => {
  it('comes back as it was written, wherever it stands', () => {
    fc.assert(
      fc.property(groupArbitrary, fc.uint8Array({ maxLength: 40 }), fc.uint8Array(), (group, before, after) => {
        const { frame, entries } = encodeGroup(group);
        const segment = Buffer.concat([before, frame, after]);
        const decoded = decodeGroup(segment, before.length);
        expect(decoded?.end).toBe(before.length + frame.length);
        expect(decoded?.group.firstLeaf).toBe(group.firstLeaf);
        expect([...(decoded?.group.note ?? [])]).toEqual([...group.note]);
        expect(plain(decoded?.group.entries ?? [])).toEqual(plain(group.entries));
        expect(plain(entries)).toEqual(plain(group.entries));
      }),
    );
  });

  it('is nothing when a byte is other, or the end is missing', () => {
    fc.assert(
      fc.property(groupArbitrary, fc.nat(), fc.integer({ min: 1, max: 255 }), (group, spot, change) => {
        const frame = Buffer.from(encodeGroup(group).frame);
        const at = spot % frame.length;
        expect(decodeGroup(frame.subarray(0, at), 0)).toBeUndefined();
        frame[at] = (frame[at] as number) ^ change;
        expect(decodeGroup(frame, 0)).toBeUndefined();
      }),
    );
  });

  it('is never found in arbitrary bytes, and looking never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        const segment = Buffer.concat([Buffer.from('SXG1'), bytes]);
        expect(decodeGroup(segment, 0)).toBeUndefined();
        expect(decodeGroup(Buffer.alloc(100), 0)).toBeUndefined();
      }),
    );
  });
});

describe('an entry bundle', () => {
  // The bundle of the entries "one", "two", "three" by https://c2sp.org/tlog-tiles.
  const bundle = Buffer.concat([Buffer.from('\0\x03one'), Buffer.from('\0\x03two'), Buffer.from('\0\x05three')]);

  it('is length and bytes of each entry', () => {
    const entries = ['one', 'two', 'three'].map((text) => Buffer.from(text));
    expect([...encodeBundle(entries)]).toEqual([...bundle]);
    expect(decodeBundle(bundle, 3)?.map((entry) => Buffer.from(entry).toString())).toEqual(['one', 'two', 'three']);
  });

  it('is refused when it is cut, or has more entries than asked for', () => {
    expect(decodeBundle(bundle, 2)).toBeUndefined();
    for (let end = 0; end < bundle.length; end++) {
      const entries = decodeBundle(bundle.subarray(0, end), 256);
      expect(entries?.length ?? 'refused').toBe({ 0: 0, 5: 1, 10: 2 }[end] ?? 'refused');
    }
    expect(decodeBundle(Buffer.alloc(16_000_000), 256)).toBeUndefined();
  });

  it('comes back as it was written', () => {
    fc.assert(
      fc.property(entriesArbitrary, (entries) => {
        expect(plain(decodeBundle(encodeBundle(entries), 256) ?? [])).toEqual(plain(entries));
      }),
    );
  });
});
