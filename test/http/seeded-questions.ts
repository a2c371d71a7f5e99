import { bytesToHex, formatId } from '@sextant/firmware-bridge/protocol';
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
  return { ask, getJson };
}

export const idOf = (index: number): string => formatId('hotspot', keyOf(index));
export const hexText = (cell: bigint): string => cell.toString(16);
export const ownerText = (index: number): string => `0x${bytesToHex(bytes(`owner ${index}`, 20))}`;
