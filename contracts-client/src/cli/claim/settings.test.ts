import { describe, expect, it } from 'vitest';
import { UsageError } from '../usage-error.ts';
import { readClaimSettings } from './settings.ts';

const ENVIRONMENT = { SEXTANT_RPC_URL: 'http://127.0.0.1:8545' };
const OWNER = `0x${'12'.repeat(20)}`;
const OTHER = `0x${'34'.repeat(20)}`;
const KEY = '4e'.repeat(32);

const read = (...argv: readonly string[]) => readClaimSettings(argv, ENVIRONMENT);

describe('a command line', () => {
  it.each([
    [['claimable', '--mirror', 'file:///etc/passwd']],
    [['claim', '--owner', OWNER, '--owner', OTHER]],
    [['claimable', '--all', '--owner', OWNER]],
    [['payout', OTHER, '--undo']],
    [['register', KEY, '--owner', OWNER]],
    [['freeze', KEY, '--to', OTHER]],
    [['watch', '--possession', KEY]],
    [['appeal', 'appeal.json', '--owner', OWNER]],
    [['history', OWNER]],
    [['transfer', KEY, OTHER]],
  ])('says what it would not look at: %j', (argv) => {
    expect(() => read(...argv)).toThrow(UsageError);
  });

  it('does not repeat a key that somebody typed', () => {
    const typed = (): unknown => read('claim', `0x${KEY}`);
    expect(typed).toThrow(UsageError);
    expect(typed).not.toThrow(KEY);
  });

  it('is taken where each part means something', () => {
    expect(read('claim', '--all', '--owner', OWNER, '--owner', OTHER)).toMatchObject({ owners: [OWNER, OTHER] });
    expect(read('transfer', KEY, '--to', OTHER)).toMatchObject({ subject: KEY, to: OTHER });
    expect(read('freeze', KEY, '--undo')).toMatchObject({ undo: true });
    expect(read('watch', '--json')).toMatchObject({ json: true });
  });
});
