import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REASONS } from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import { OUTCOME_OF_REASON } from './verdict-of.ts';

const HERE = import.meta.dirname;
const text = readFileSync(join(HERE, '../../../docs/rules.md'), 'utf8');

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
      expect(since, heading).toMatch(/^since rule set [12]$/);
      expect(body.replaceAll('\n', ' '), heading).toContain('**What you can do**');
    }
  });

  it('names every check, each under the reason it gives, and none that is not made', () => {
    const documented = sections.flatMap(({ heading, names }) => names.map((name) => `${name}: ${heading}`));
    const names = ['report', 'transmission', 'link', 'assertion', 'successor', 'appeal', '../location'];
    const folders = names.map((name) => join(HERE, name));
    const sources = folders.flatMap((folder) =>
      readdirSync(folder)
        .filter((file) => file.endsWith('.ts'))
        .map((file) => readFileSync(join(folder, file), 'utf8')),
    );
    const made = sources.flatMap((source) =>
      [...source.matchAll(/(?:check: |holds\()'([a-z_]+)',\s*(?:reason: )?'([a-z_]+)'/g)].map(
        ([, check, reason]) => `${check}: ${reason}`,
      ),
    );
    expect(made.length).toBeGreaterThan(40);
    expect(new Set(documented)).toEqual(new Set([...made, ...collusionChecks()]));
  });
});

/** What each collusion check compares: one code a file. */
function collusionChecks(): string[] {
  const folder = join(HERE, '../trust');
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  return files.flatMap((file) => {
    const source = readFileSync(join(folder, file), 'utf8');
    const code = /\bcode: '([a-z_]+)'/.exec(source)?.[1];
    if (code === undefined) return [];
    const names = source.matchAll(/(?:above\(|below\(|restingOn\(|check: )'([a-z_]+)'/g);
    return [...names].map(([, name]) => `${name}: ${code}`);
  });
}
