const WIDTH = 24;

/** A bar as full as the work is done: `██████░░░░░░ 5 of 20 worlds`. */
export function barOf(finished: number, whole: number, what: string): string {
  const filled = Math.round((WIDTH * finished) / whole);
  return `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${finished} of ${whole} ${what}`;
}
