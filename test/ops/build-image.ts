import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { createDockerIgnore } from './docker-ignore.ts';
import { copyOf, readDockerfile } from './dockerfile.ts';
import { inRepository, readRepositoryFile } from './repository.ts';

/**
 * Follows a Dockerfile without Docker: COPY and RUN of each stage, in folders below `folder` and with this machine's Node and
 * tools. RUN of the last stage, which prepares its system, is left out. Returns the root folder of the image.
 */
export async function buildImage(dockerfile: string, folder: string): Promise<string> {
  const stages = readDockerfile(dockerfile);
  const roots = new Map<string, string>();
  let root = folder;
  for (const [index, { name = 'image', instructions }] of stages.entries()) {
    root = join(folder, name);
    roots.set(name, root);
    let workDirectory = root;
    for (const { name: verb, text } of instructions) {
      if (verb === 'WORKDIR') workDirectory = join(root, text);
      mkdirSync(workDirectory, { recursive: true });
      if (verb === 'RUN' && index < stages.length - 1) await run(text, workDirectory);
      if (verb === 'COPY') copy(text, { root, workDirectory, roots });
    }
  }
  return root;
}

async function run(command: string, cwd: string): Promise<void> {
  const { PATH = '', HOME = '' } = process.env;
  await promisify(execFile)('sh', ['-c', command], { cwd, env: { PATH, HOME } });
}

interface Place {
  readonly root: string;
  readonly workDirectory: string;
  readonly roots: ReadonlyMap<string, string>;
}

const isLetIn = createDockerIgnore(readRepositoryFile('.dockerignore'));

function copy(text: string, { root, workDirectory, roots }: Place): void {
  const { fromStage, sources, target } = copyOf(text);
  const to = join(target.startsWith('/') ? root : workDirectory, target);
  for (const source of sources) {
    const from = fromStage === undefined ? inRepository(source) : join(roots.get(fromStage) ?? '', source);
    const filter = (path: string): boolean => fromStage !== undefined || isLetIn(relative(inRepository(''), path));
    const isFile = statSync(from).isFile();
    cpSync(from, isFile ? join(to, basename(source)) : to, { recursive: true, verbatimSymlinks: true, filter });
  }
}
