import { formatDuration } from '../durations.ts';
import { fitToWidth, type Output, type Palette, type Progress, type Step } from './progress.ts';

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const FRAME_MS = 100;
const DEFAULT_COLUMNS = 80;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const ERASE_BELOW = '\u001b[J';

interface RunningStep {
  readonly title: string;
  readonly sinceMs: number;
  detail: string;
}

/**
 * A display on a terminal: what is done scrolls up and stays, what goes on turns at the bottom. Only the bottom lines are
 * ever written again, and each of them stays on one row whatever the width.
 */
export class TerminalProgress implements Progress {
  readonly palette: Palette;
  readonly #output: Output;
  readonly #nowMs: () => number;
  readonly #timer: NodeJS.Timeout;
  readonly #running = new Set<RunningStep>();
  #live: string | undefined;
  #frame = 0;
  /** Rows at the bottom that will be written again. */
  #rows = 0;
  #isClosed = false;

  constructor(
    options: { readonly palette: Palette },
    modules: { readonly output: Output; readonly nowMs: () => number },
  ) {
    this.palette = options.palette;
    this.#output = modules.output;
    this.#nowMs = modules.nowMs;
    this.#output.write(HIDE_CURSOR);
    this.#timer = setInterval(() => {
      this.#frame++;
      this.#paint([]);
    }, FRAME_MS);
    this.#timer.unref();
  }

  begin(title: string): Step {
    const step: RunningStep = { title, sinceMs: this.#nowMs(), detail: '' };
    this.#running.add(step);
    this.#paint([]);
    const { good, bad, faint } = this.palette;
    const end = (mark: string, detail: string): void => {
      if (!this.#running.delete(step)) return;
      const took = formatDuration(this.#nowMs() - step.sinceMs);
      this.#paint([`  ${mark} ${title}${detail === '' ? '' : ` ${faint(detail)}`} ${faint(took)}`]);
    };
    return {
      update(detail) {
        step.detail = detail;
      },
      done: (detail = '') => end(good('✓'), detail),
      failed: (detail) => end(bad('✗'), detail),
    };
  }

  say(...lines: readonly string[]): void {
    this.#paint(lines);
  }

  live(text: string | undefined): void {
    this.#live = text;
    this.#paint([]);
  }

  close(): void {
    if (this.#isClosed) return;
    clearInterval(this.#timer);
    this.#live = undefined;
    this.#running.clear();
    this.#paint([]);
    this.#isClosed = true;
    this.#output.write(SHOW_CURSOR);
  }

  /** Writes `lines` for good, and the bottom below them anew, in one write so that nothing flickers. */
  #paint(lines: readonly string[]): void {
    if (this.#isClosed) {
      for (const line of lines) this.#output.write(`${line}\n`);
      return;
    }
    const columns = Math.max(20, (this.#output.columns ?? DEFAULT_COLUMNS) - 1);
    const bottom = this.#bottom().map((line) => fitToWidth(line, columns));
    const up = this.#rows > 0 ? `\u001b[${this.#rows}A` : '';
    this.#output.write(`${up}\r${ERASE_BELOW}${[...lines, ...bottom].map((line) => `${line}\n`).join('')}`);
    this.#rows = bottom.length;
  }

  #bottom(): readonly string[] {
    const { accent, faint } = this.palette;
    const turning = accent(SPINNER[this.#frame % SPINNER.length] ?? '');
    const steps = [...this.#running].map(({ title, detail, sinceMs }) => {
      const took = formatDuration(this.#nowMs() - sinceMs);
      return `  ${turning} ${title}${detail === '' ? '' : ` ${faint(detail)}`} ${faint(took)}`;
    });
    return this.#live === undefined ? steps : [...steps, `  ${turning} ${this.#live}`];
  }
}
