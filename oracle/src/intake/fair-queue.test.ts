import { expect, it } from 'vitest';
import { FairQueue } from './fair-queue.ts';

const item = (name: string, size = 10) => ({ name, bytes: new Uint8Array(size) });
const names = (items: readonly { name: string }[]) => items.map(({ name }) => name).join(' ');

it('serves senders in turn, whoever came first with how much', () => {
  const queue = new FairQueue<string, { name: string; bytes: Uint8Array }>({ perSender: 100, totalBytes: 10_000 });
  for (let i = 0; i < 50; i++) queue.push('flooder', item(`f${i}`));
  queue.push('a', item('a0'));
  queue.push('b', item('b0'));
  queue.push('a', item('a1'));
  expect(names(queue.take(6, 10_000))).toBe('f0 a0 b0 f1 a1 f2');
  queue.push('b', item('b1'));
  expect(names(queue.take(3, 10_000))).toBe('f3 b1 f4');
  expect(queue.size).toBe(45);
});

it('is bounded by sender and in total, and takes again when there is room', () => {
  const queue = new FairQueue<string, { name: string; bytes: Uint8Array }>({ perSender: 2, totalBytes: 50 });
  expect(queue.push('a', item('a0'))).toBe(true);
  expect(queue.push('a', item('a1'))).toBe(true);
  expect(queue.push('a', item('a2'))).toBe(false);
  expect(queue.push('b', item('b0', 31))).toBe(false);
  expect(queue.push('b', item('b1', 30))).toBe(true);
  expect(names(queue.take(1, 1))).toBe('a0');
  expect(queue.push('a', item('a3'))).toBe(true);
  expect(queue.bytes).toBe(50);
});

it('gives no more bytes than asked for, but one item at least', () => {
  const queue = new FairQueue<string, { name: string; bytes: Uint8Array }>({ perSender: 9, totalBytes: 1_000 });
  for (const name of ['a', 'b', 'c']) queue.push(name, item(name, 100));
  expect(names(queue.take(9, 50))).toBe('a');
  expect(names(queue.take(9, 200))).toBe('b c');
  expect(queue.take(9, 200)).toEqual([]);
});
