/** One line of a .dockerignore; `isLetIn` for those that begin with `!`. */
interface Rule {
  readonly isLetIn: boolean;
  readonly pattern: RegExp;
}

/**
 * Whether a file gets into the build: the last rule that matches it or a folder above it counts. Knows `*`, `**` and `!`, which
 * is all that our file uses.
 */
export function createDockerIgnore(text: string): (path: string) => boolean {
  const rules: Rule[] = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ isLetIn: line.startsWith('!'), pattern: patternOf(line.replace(/^!/, '')) }));
  return (path) => rules.findLast(({ pattern }) => pattern.test(path))?.isLetIn ?? true;
}

function patternOf(glob: string): RegExp {
  const source = glob
    .split(/(\*\*\/|\*)/)
    .map((part) => (part === '**/' ? '(?:.*/)?' : part === '*' ? '[^/]*' : part.replace(/[.+?^$(){}|[\]\\]/g, '\\$&')))
    .join('');
  return new RegExp(`^${source}(?:/.*)?$`);
}
