import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REASONS } from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import { judgeAssertion } from './judge-assertion.ts';
import { judgeLink } from './judge-link.ts';
import { judgeTransmission } from './judge-transmission.ts';
import {
  anchorContext,
  assertionContext,
  beaconContext,
  linkContext,
  surveyContext,
} from './samples/honest-contexts.ts';
import { OUTCOME_OF_REASON } from './verdict-of.ts';

const text = readFileSync(join(import.meta.dirname, '../../../docs/rules.md'), 'utf8');

/** What rules.md says under each of its headings. */
const sections = text
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const [heading = '', meta = ''] = section.split('\n');
    const [outcome = '', checks = '', since = ''] = meta.split(' · ');
    const names = [...checks.matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => name);
    return { heading, outcome, names, since, body: section };
  });

describe('rules.md', () => {
  it('has a heading for every reason code, and none for anything else', () => {
    const codes = Object.keys(REASONS).filter((reason) => reason !== 'none');
    const headings = sections.map(({ heading }) => heading);
    expect(headings).toHaveLength(codes.length);
    expect(new Set(headings)).toEqual(new Set(codes));
  });

  it('says the outcome the code gives, since when, and what an owner can do', () => {
    for (const { heading, outcome, since, body } of sections) {
      expect(outcome, heading).toBe(OUTCOME_OF_REASON[heading as keyof typeof OUTCOME_OF_REASON]);
      expect(since, heading).toBe('since rule set 1');
      expect(body.replaceAll('\n', ' '), heading).toContain('**What you can do**');
    }
  });

  it('names every check that is made, under its reason', () => {
    const documented = new Set(sections.flatMap(({ names }) => names));
    const cells = new Map();
    const made = [
      ...[beaconContext(), surveyContext()].flatMap((context) => judgeTransmission(context, cells).verdict.checks),
      ...judgeLink(linkContext(), cells).verdict.checks,
      ...[assertionContext(), anchorContext()].flatMap((context) => judgeAssertion(context, cells).checks),
    ];
    for (const { check } of made) expect(documented, check).toContain(check);
  });
});
