import { stripVTControlCharacters } from 'node:util';

/** Something that takes a while and is shown while it does. */
export interface Step {
  /** What it is doing just now. */
  update(detail: string): void;
  done(detail?: string): void;
  failed(detail: string): void;
}

/** What a person sees of a run. */
export interface Progress {
  readonly palette: Palette;
  begin(title: string): Step;
  /** Lines that stay. */
  say(...lines: readonly string[]): void;
  /** The one line that changes; undefined takes it away. */
  live(text: string | undefined): void;
  /** Nothing changes any more. */
  close(): void;
}

/** What of a stream a display needs: `process.stdout` fits. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

type Paint = (text: string) => string;

export interface Palette {
  readonly good: Paint;
  readonly bad: Paint;
  readonly accent: Paint;
  readonly faint: Paint;
  readonly strong: Paint;
}

const sgr =
  (on: number, off: number): Paint =>
  (text) =>
    `\u001b[${on}m${text}\u001b[${off}m`;

const plain: Paint = (text) => text;

/** The sixteen colours every terminal has, so that they follow its theme. */
export function createPalette(colour: boolean): Palette {
  if (!colour) return { good: plain, bad: plain, accent: plain, faint: plain, strong: plain };
  return { good: sgr(32, 39), bad: sgr(31, 39), accent: sgr(36, 39), faint: sgr(2, 22), strong: sgr(1, 22) };
}

const ESCAPES = /\p{Cc}\[\d+m/gu;

/** Characters a person sees. */
export const visibleLength = (text: string): number => Array.from(stripVTControlCharacters(text)).length;

/** At most `columns` visible characters of one line; a longer one ends in `…`. */
export function fitToWidth(text: string, columns: number): string {
  if (visibleLength(text) <= columns) return text;
  let left = columns - 1;
  let fitted = '';
  for (let at = 0; at < text.length && left > 0; ) {
    ESCAPES.lastIndex = at;
    const escape = ESCAPES.exec(text);
    if (escape?.index === at) {
      fitted += escape[0];
      at += escape[0].length;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    fitted += character;
    at += character.length;
    left--;
  }
  return `${fitted}…${fitted.includes('\u001b') ? '\u001b[0m' : ''}`;
}
