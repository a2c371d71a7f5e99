import type { Answer } from './init-answers.ts';
import type { Terminal } from './terminal.ts';

/** Something init must know: from its flag, else asked, else (where nobody can answer) missing. */
export interface Question<T> {
  readonly flag: string;
  readonly text: string;
  readonly parse: (text: string) => Answer<T>;
}

/** Takes what flags say and asks for the rest; every problem is collected so that one run shows them all. */
export class Questionnaire {
  readonly problems: string[] = [];
  readonly #flags: Readonly<Record<string, string | true>>;
  readonly #terminal: Terminal;

  constructor(flags: Readonly<Record<string, string | true>>, terminal: Terminal) {
    this.#flags = flags;
    this.#terminal = terminal;
  }

  /** The answer to something necessary; undefined = a problem was noted. */
  async need<T>({ flag, text, parse }: Question<T>): Promise<T | undefined> {
    const given = this.#flags[flag];
    if (given === undefined && !this.#terminal.isInteractive) {
      this.problems.push(`--${flag} is missing: ${text}`);
      return undefined;
    }
    let answer = typeof given === 'string' ? parse(given) : await this.#ask(text, parse);
    while (!answer.ok && this.#terminal.isInteractive) {
      this.#terminal.complain(answer.problem);
      answer = await this.#ask(text, parse);
    }
    if (answer.ok) return answer.value;
    this.problems.push(answer.problem);
    return undefined;
  }

  /** Something that has a default: never asked. */
  take<T>({ flag, parse }: Omit<Question<T>, 'text'>, fallback: T): T {
    const given = this.#flags[flag];
    if (typeof given !== 'string') return fallback;
    const answer = parse(given);
    if (answer.ok) return answer.value;
    this.problems.push(answer.problem);
    return fallback;
  }

  isGiven(flag: string): boolean {
    return this.#flags[flag] !== undefined;
  }

  isOn(flag: string): boolean {
    return this.#flags[flag] === true;
  }

  async #ask<T>(text: string, parse: (text: string) => Answer<T>): Promise<Answer<T>> {
    return parse(await this.#terminal.ask(`${text}: `));
  }
}
