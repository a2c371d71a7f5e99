import { createInterface } from 'node:readline/promises';

/** The person in front: what the commands say and ask goes through here. */
export interface Terminal {
  /** Whether somebody can answer. */
  readonly isInteractive: boolean;
  readonly hasColour: boolean;
  say(text: string): void;
  complain(text: string): void;
  /** One answered line, trimmed. */
  ask(question: string): Promise<string>;
}

/** The process's own terminal. Colour only where it is one, and not with NO_COLOR. */
export function createProcessTerminal(environment: Readonly<Record<string, string | undefined>>): Terminal {
  return {
    isInteractive: process.stdin.isTTY === true && process.stdout.isTTY === true,
    hasColour: process.stdout.isTTY === true && !environment['NO_COLOR'],
    say: (text) => void process.stdout.write(`${text}\n`),
    complain: (text) => void process.stderr.write(`${text}\n`),
    async ask(question) {
      const lines = createInterface({ input: process.stdin, output: process.stdout });
      try {
        return (await lines.question(question)).trim();
      } finally {
        lines.close();
      }
    },
  };
}
