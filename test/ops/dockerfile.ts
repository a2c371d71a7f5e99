import { readRepositoryFile } from './repository.ts';

export interface Instruction {
  readonly name: string;
  readonly text: string;
}

export interface Stage {
  readonly name: string | undefined;
  readonly from: string;
  readonly instructions: readonly Instruction[];
}

/** The stages of a Dockerfile of this repository; the last one is the image. */
export function readDockerfile(path: string): readonly Stage[] {
  const stages: { name: string | undefined; from: string; instructions: Instruction[] }[] = [];
  for (const line of logicalLines(readRepositoryFile(path))) {
    const [, name = '', text = ''] = /^(\S+)\s+(.*)$/s.exec(line) ?? [];
    if (name === 'FROM') {
      const [from = '', , stageName] = text.split(/\s+/);
      stages.push({ name: stageName, from, instructions: [] });
    } else {
      stages.at(-1)?.instructions.push({ name, text });
    }
  }
  return stages;
}

/** Texts of all instructions of this name. */
export const textsOf = (stage: Stage, name: string): string[] =>
  stage.instructions.filter((instruction) => instruction.name === name).map(({ text }) => text);

/** What `ENV NAME=value …` sets, of the simple form without quotes. */
export function environmentOf(stage: Stage): Record<string, string> {
  const pairs = textsOf(stage, 'ENV').flatMap((text) => text.split(/\s+/));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

export interface Copy {
  readonly fromStage: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
}

export function copyOf(text: string): Copy {
  const words = text.split(/\s+/);
  const [, fromStage] = /^--from=(.+)$/.exec(words[0] ?? '') ?? [];
  const paths = fromStage === undefined ? words : words.slice(1);
  return { fromStage, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
}

function logicalLines(text: string): string[] {
  return text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
