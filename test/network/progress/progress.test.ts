import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barOf } from './bar.ts';
import { PlainProgress } from './plain-progress.ts';
import { createPalette, fitToWidth, visibleLength } from './progress.ts';
import { formatTable } from './table.ts';
import { TerminalProgress } from './terminal-progress.ts';

/** What a terminal would show of the bytes: rows, with cursor-up and erase-below obeyed. */
function screenOf(written: string): string[] {
  const rows = [''];
  let row = 0;
  for (const [token] of written.matchAll(/\p{Cc}\[\??\d*[A-Za-z]|\n|\r|\P{Cc}+/gu)) {
    const up = /^\p{Cc}\[(\d+)A$/u.exec(token);
    if (up) row -= Number(up[1]);
    else if (token === '\u001b[J') rows.splice(row, rows.length, '');
    else if (token === '\n') {
      row++;
      rows[row] ??= '';
    } else if (token !== '\r' && !token.startsWith('\u001b')) rows[row] = (rows[row] ?? '') + token;
  }
  return rows.map((text) => text.trimEnd()).filter((text) => text !== '');
}

function terminal(columns = 60) {
  let written = '';
  let nowMs = 0;
  const output = { columns, isTTY: true, write: (text: string) => (written += text) };
  const progress = new TerminalProgress({ palette: createPalette(false) }, { output, nowMs: () => nowMs });
  return { progress, screen: () => screenOf(written), bytes: () => written, pass: (ms: number) => (nowMs += ms) };
}

describe('the display on a terminal', () => {
  it('keeps what is done above what goes on, each step once', () => {
    const { progress, screen, pass } = terminal();
    const oracle = progress.begin('oracle');
    const map = progress.begin('map');
    pass(2_000);
    oracle.update('starting the database');
    map.done('built');
    expect(screen()).toEqual(['  ✓ map built 2.0 s', '  ⠋ oracle starting the database 2.0 s']);
    oracle.done();
    oracle.failed('too late to fail');
    progress.live('round 1');
    progress.live('round 2');
    progress.say('first hex');
    expect(screen()).toEqual(['  ✓ map built 2.0 s', '  ✓ oracle 2.0 s', 'first hex', '  ⠋ round 2']);
    progress.close();
    expect(screen()).toEqual(['  ✓ map built 2.0 s', '  ✓ oracle 2.0 s', 'first hex']);
  });

  it('never lets a changing line wrap, which would leave rests of it', () => {
    const { progress, screen } = terminal(30);
    for (let i = 0; i < 5; i++) progress.live(`round ${i} `.repeat(20));
    expect(screen()).toHaveLength(1);
    expect(visibleLength(screen()[0] ?? '')).toBeLessThan(30);
    progress.close();
  });

  it('gives the cursor back', () => {
    const { progress, bytes } = terminal();
    progress.close();
    progress.close();
    expect(bytes().split('\u001b[?25h')).toHaveLength(2);
  });
});

describe('the display in a pipe', () => {
  it('writes lines only, without a single control character, and the changing line rarely', () => {
    let written = '';
    let nowMs = 0;
    const progress = new PlainProgress({ output: { write: (text) => (written += text) }, nowMs: () => nowMs });
    const step = progress.begin('oracle');
    step.update('starting');
    nowMs = 1_500;
    step.done('ready');
    for (nowMs = 2_000; nowMs < 40_000; nowMs += 1_000) progress.live(`at ${nowMs}`);
    progress.close();
    progress.live('never');
    expect(written).toBe('  done    oracle  ready  (1.5 s)\n  at 2000\n  at 17000\n  at 32000\n');
  });
});

describe('a bar', () => {
  it('is as full as the work is done', () => {
    expect(barOf(0, 20, 'worlds')).toBe(`${'░'.repeat(24)} 0 of 20 worlds`);
    expect(barOf(5, 20, 'worlds')).toBe(`${'█'.repeat(6)}${'░'.repeat(18)} 5 of 20 worlds`);
    expect(barOf(20, 20, 'worlds')).toBe(`${'█'.repeat(24)} 20 of 20 worlds`);
  });
});

describe('fitting', () => {
  it('never shows more than there is room for, colours or not', () => {
    const { good, strong } = createPalette(true);
    const painted = fc
      .array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string().map(good), fc.string().map(strong)))
      .map((parts) => parts.join('').replaceAll(/[\r\n]/g, ' '));
    fc.assert(
      fc.property(painted, fc.integer({ min: 2, max: 40 }), (text, columns) => {
        expect(visibleLength(fitToWidth(text, columns))).toBeLessThanOrEqual(Math.max(columns, 0));
      }),
    );
    expect(fitToWidth(good('abcdef'), 4)).toBe('\u001b[32mabc…\u001b[0m');
    expect(fitToWidth('abcd', 4)).toBe('abcd');
  });

  it('makes columns of what belongs together', () => {
    expect(
      formatTable(
        [
          ['paid', '7'],
          ['hotspots paid', '123'],
        ],
        [1],
      ),
    ).toEqual(['paid             7', 'hotspots paid  123']);
  });
});
