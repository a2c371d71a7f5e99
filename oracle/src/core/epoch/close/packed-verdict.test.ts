import { sha256 } from '@noble/hashes/sha2.js';
import {
  CHECK_UNITS,
  OUTCOMES,
  type Outcome,
  REASONS,
  type Reason,
  SUBJECT_KINDS,
  type SubjectKind,
  type Verdict,
} from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CanonicalValue, canonicalJson } from '../../numeric/canonical-json.ts';
import { verdictLeaf } from './leaves.ts';
import { VerdictTable } from './verdict-table.ts';

const names = <K extends string>(codes: Readonly<Record<K, number>>) => fc.constantFrom(...(Object.keys(codes) as K[]));
const number = fc.option(
  fc.oneof(
    fc.integer({ min: -200, max: 200 }),
    fc.maxSafeInteger().map((n) => Math.trunc(n / 4) + 0),
  ),
  {
    nil: undefined,
  },
);
const present = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

const verdicts = fc
  .record({
    subject: names<SubjectKind>(SUBJECT_KINDS),
    reportId: bytes(32),
    reporter: bytes(32),
    sender: fc.option(bytes(32), { nil: undefined }),
    round: fc.nat(2 ** 31),
    outcome: names<Outcome>(OUTCOMES),
    reason: names<Reason>(REASONS),
    checks: fc.array(
      fc
        .record({
          check: fc.constantFrom('far_enough', 'clocks_agree', 'slot'),
          observed: number,
          limit: number,
          margin: number,
          unit: fc.constantFrom(...CHECK_UNITS),
        })
        .map(present),
      { maxLength: 9 },
    ),
  })
  .map((verdict) => present(verdict) as Verdict);

function emptyTable(): VerdictTable {
  const keys: Uint8Array[] = [];
  return new VerdictTable({ numberOfKey: (key) => keys.push(key) - 1, keyOf: (i) => keys[i] as Uint8Array }, sha256);
}

describe('verdicts of an epoch', () => {
  it('come out of the table as they went in, in the order of their reports', () => {
    fc.assert(
      fc.property(fc.uniqueArray(verdicts, { selector: (verdict) => verdict.reportId.join() }), (list) => {
        const table = emptyTable();
        for (const verdict of list) table.add(verdict);
        const sorted = [...list].sort((a, b) => Buffer.compare(a.reportId, b.reportId));
        expect([...table.list(table.order())]).toEqual(sorted);
        const valid = list.filter(({ outcome }) => outcome === 'valid');
        expect(table.countOf('valid')).toBe(valid.length);
      }),
    );
  });

  it('have RFC 8785 JSON as leaves', () => {
    fc.assert(
      fc.property(verdicts, (verdict) => {
        const json = canonicalJson(verdict as unknown as CanonicalValue);
        expect(Buffer.from(verdictLeaf(verdict)).toString()).toBe(json);
      }),
    );
  });
});
