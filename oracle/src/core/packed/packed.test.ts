import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteRecords } from './byte-records.ts';
import { NumberColumn } from './number-column.ts';
import { packedList } from './packed-list.ts';
import { RowIndex } from './row-index.ts';

const keys = fc.array(fc.uint8Array({ minLength: 8, maxLength: 8 }), { maxLength: 300 });

describe('packed tables', () => {
  it('number every key once, in the order they came', () => {
    fc.assert(
      fc.property(keys, fc.nat(3), fc.uint8Array(), (list, narrow, salt) => {
        // A narrow first word makes keys collide.
        const squeezed = list.map((key) => key.map((byte, i) => (i < 4 ? byte % (narrow + 1) : byte)));
        const index = new RowIndex(8, salt);
        const model = new Map<string, number>();
        for (const key of squeezed) {
          const expected = model.get(key.join()) ?? model.size;
          expect(index.find(key)).toBe(model.has(key.join()) ? expected : -1);
          expect(index.add(key)).toBe(expected);
          model.set(key.join(), expected);
          expect(index.rows.at(expected)).toEqual(key);
        }
        expect(index.count).toBe(model.size);
      }),
    );
  });

  it('keep numbers and records as they were, whatever grows after them', () => {
    const [ints, doubles, bytes] = [NumberColumn.int32(), NumberColumn.float64(), NumberColumn.uint8()];
    const records = new ByteRecords();
    for (let i = 0; i < 5000; i++) {
      ints.push(-i);
      doubles.push(2 ** 45 + i);
      bytes.push(i % 256);
      records.push(new Uint8Array(i % 700).fill(i));
    }
    ints.set(17, 5);
    expect([ints.at(17), ints.at(4999), doubles.at(4999), bytes.at(4999)]).toEqual([5, -4999, 2 ** 45 + 4999, 135]);
    expect(records.at(1399)).toEqual(new Uint8Array(699).fill(1399));
    expect(records.push(new Uint8Array(3_000_000).fill(7))).toBe(5000);
    expect(records.at(5000)).toHaveLength(3_000_000);
  });

  it('make items only when asked, and refuse what is not there', () => {
    const list = packedList(3, (i) => ({ square: i * i }));
    expect([...list].map((item) => item.square)).toEqual([0, 1, 4]);
    expect(() => list.at(3)).toThrow(RangeError);
  });
});
