import { expect, it } from 'vitest';
import { LruCache } from './lru-cache.ts';

const cacheOf = (...keys: string[]): LruCache<string> => {
  const cache = new LruCache<string>(10, (value) => value.length);
  for (const key of keys) cache.set(key, key.repeat(4));
  return cache;
};

it('lets go of what was used longest ago', () => {
  const cache = cacheOf('a', 'b');
  cache.get('a');
  cache.set('c', 'cccc');
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['aaaa', undefined, 'cccc']);
});

it('counts a value that is replaced or deleted no more', () => {
  const cache = cacheOf('a', 'a', 'a');
  cache.set('b', 'bbbb');
  cache.delete('b');
  cache.set('c', 'cccccc');
  expect([cache.get('a'), cache.get('c'), cache.size]).toEqual(['aaaa', 'cccccc', 2]);
});

it('does not keep what is larger than all of it', () => {
  const cache = cacheOf('a');
  cache.set('b', 'b'.repeat(11));
  expect(cache.size).toBe(0);
});
