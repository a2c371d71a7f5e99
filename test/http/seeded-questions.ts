import { bytesToHex, formatId } from '@sextant/firmware-bridge/protocol';
import type { Page } from '@sextant/oracle/api';
import { expect } from 'vitest';
import { bytes, keyOf } from '../store/sample-network.ts';
import type { SeededOracle } from './seeded-oracle.ts';

/** Asks a seeded oracle; `getJson` expects an answer. */
export function questionsTo(oracle: () => SeededOracle) {
  const ask = async (url: string, headers: Readonly<Record<string, string>> = {}) =>
    oracle().server.inject({ method: 'GET', url, headers });
  const getJson = async <T>(url: string): Promise<T> => {
    const answer = await ask(url);
    expect([url, answer.statusCode]).toEqual([url, 200]);
    return answer.json<T>();
  };
  /** Every item of a list, page by page; `cursor` is what `next` is sent back as. */
  const getAll = async <Item>(url: string, cursor: 'after' | 'before'): Promise<Item[]> => {
    const items: Item[] = [];
    for (let next: string | undefined = ''; next !== undefined; ) {
      const page: Page<Item> = await getJson(next === '' ? url : `${url}&${cursor}=${next}`);
      items.push(...page.items);
      next = page.next;
    }
    return items;
  };
  return { ask, getJson, getAll };
}

export const idOf = (index: number): string => formatId('hotspot', keyOf(index));
export const hexText = (cell: bigint): string => cell.toString(16);
export const ownerText = (index: number): string => `0x${bytesToHex(bytes(`owner ${index}`, 20))}`;
