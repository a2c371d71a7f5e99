import { PlainProgress } from './plain-progress.ts';
import { createPalette, type Output, type Progress } from './progress.ts';
import { TerminalProgress } from './terminal-progress.ts';

/** What suits a stream: a display on a terminal, in colour unless `NO_COLOR` says otherwise; else lines only. */
export function openProgress(output: Output): Progress {
  const modules = { output, nowMs: (): number => performance.now() };
  if (!output.isTTY) return new PlainProgress(modules);
  return new TerminalProgress({ palette: createPalette(!process.env['NO_COLOR']) }, modules);
}
