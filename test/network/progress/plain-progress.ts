import { formatDuration } from '../durations.ts';
import { createPalette, type Output, type Progress, type Step } from './progress.ts';

/** The changing line is written this often: a log wants no more. */
const LIVE_EVERY_MS = 15_000;

/** A display for a file or a pipe: one line for each thing that has happened, nothing written twice. */
export class PlainProgress implements Progress {
  readonly palette = createPalette(false);
  readonly #output: Output;
  readonly #nowMs: () => number;
  #liveAtMs = Number.NEGATIVE_INFINITY;

  constructor(modules: { readonly output: Output; readonly nowMs: () => number }) {
    this.#output = modules.output;
    this.#nowMs = modules.nowMs;
  }

  begin(title: string): Step {
    const sinceMs = this.#nowMs();
    let hasEnded = false;
    const end = (result: string, detail: string): void => {
      if (hasEnded) return;
      hasEnded = true;
      const took = formatDuration(this.#nowMs() - sinceMs);
      this.say(`  ${result}  ${title}${detail === '' ? '' : `  ${detail}`}  (${took})`);
    };
    return {
      update: () => undefined,
      done: (detail = '') => end('done  ', detail),
      failed: (detail) => end('FAILED', detail),
    };
  }

  say(...lines: readonly string[]): void {
    for (const line of lines) this.#output.write(`${line}\n`);
  }

  live(text: string | undefined): void {
    if (text === undefined || this.#nowMs() - this.#liveAtMs < LIVE_EVERY_MS) return;
    this.#liveAtMs = this.#nowMs();
    this.say(`  ${text}`);
  }

  close(): void {
    this.#liveAtMs = Number.POSITIVE_INFINITY;
  }
}
