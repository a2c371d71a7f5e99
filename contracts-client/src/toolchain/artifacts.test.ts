import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SOURCES_HASH } from '../generated/sources-hash.ts';
import { compileContracts } from './compile-contracts.ts';
import { formatArtifacts, kebabCase } from './format-artifacts.ts';
import { hashSources } from './solidity-sources.ts';

describe('committed artifacts', () => {
  it('were made of these sources, with this compiler and this OpenZeppelin', () => {
    expect(SOURCES_HASH, 'run  npm run -w contracts-client build:contracts').toBe(hashSources());
  });

  it.runIf(process.env['SEXTANT_FULL'] === '1')(
    'are what the compiler makes of them, byte for byte',
    { timeout: 120_000 },
    () => {
      for (const [name, text] of formatArtifacts(compileContracts(), hashSources())) {
        expect(readFileSync(new URL(`../generated/${name}`, import.meta.url), 'utf8'), name).toBe(text);
      }
    },
  );

  it('are named after their contracts', () => {
    expect(kebabCase('RewardDistributor')).toBe('reward-distributor');
    expect(kebabCase('Token')).toBe('token');
  });
});
