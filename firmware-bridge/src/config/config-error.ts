export interface ConfigProblem {
  /** Line of the configuration file, from 1; absent for a flag or an environment variable. */
  readonly line?: number;
  /** What is wrong and what would be right. */
  readonly message: string;
}

/** A configuration that cannot be used: everything that is wrong with it, at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(file: string | undefined, problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ line, message }) =>
      line === undefined ? message : `${file ?? ''}:${line}: ${message}`,
    );
    super(lines.join('\n'));
    this.problems = problems;
  }
}
