import { expect, test } from 'vitest';
import { PromiseLru } from './promise-lru.ts';

test('makes each value once, forgets the one asked for longest ago, keeps no failure', async () => {
  const lru = new PromiseLru<string, string>(2);
  const made: string[] = [];
  const make = (key: string) => async (): Promise<string> => {
    made.push(key);
    return key.toUpperCase();
  };
  expect(await Promise.all([lru.get('a', make('a')), lru.get('a', make('a'))])).toEqual(['A', 'A']);
  await lru.get('b', make('b'));
  await lru.get('a', make('a'));
  await lru.get('c', make('c'));
  await lru.get('a', make('a'));
  await lru.get('b', make('b'));
  expect(made).toEqual(['a', 'b', 'c', 'b']);
  await expect(lru.get('d', async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await lru.get('d', make('d'))).toBe('D');
});
