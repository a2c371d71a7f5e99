import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { checkWords } from './checks.ts';

const rules = readFileSync(new URL('../../../oracle/docs/rules.md', import.meta.url), 'utf8');
const documented = [...rules.matchAll(/check `([a-z_]+)`/g)].map(([, name = '']) => name);

it('has words of its own for every check of the rules', () => {
  expect(documented.length).toBeGreaterThan(30);
  const nameless = documented.filter((name) => checkWords(name).toLowerCase() === name.replaceAll('_', ' '));
  expect(nameless.filter((name) => !['altitude', 'antenna_gain'].includes(name))).toEqual([]);
});

it('shows a check it does not know by its name', () => {
  expect(checkWords('fresh_new_check')).toBe('Fresh new check');
});
