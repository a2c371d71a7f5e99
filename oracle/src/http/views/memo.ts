import type { Clock } from '@sextant/firmware-bridge/clock';

/** Asks at most once in `ttlMs`, however many want to know; a failed answer is not kept. */
export function memo<T>(ttlMs: number, clock: Clock, ask: () => Promise<T>): () => Promise<T> {
  let known: { readonly atMs: number; readonly answer: Promise<T> } | undefined;
  return async () => {
    const nowMs = clock.now();
    if (known !== undefined && nowMs >= known.atMs && nowMs < known.atMs + ttlMs) return known.answer;
    const mine = { atMs: nowMs, answer: ask() };
    known = mine;
    try {
      return await mine.answer;
    } catch (error) {
      if (known === mine) known = undefined;
      throw error;
    }
  };
}
