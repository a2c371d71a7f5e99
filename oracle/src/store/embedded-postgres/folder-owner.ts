import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf, StoreError } from '../store-error.ts';
import { findLiveProcess } from './process-identity.ts';

/** Proof that this process alone runs the database of a folder, until `release`. */
export interface FolderOwner {
  /** `owner.<n>`: what the watchdog looks at. */
  readonly file: string;
  /** Exists as soon as somebody else has taken the folder over. */
  readonly successorFile: string;
  release(): void;
}

const NAME = /^owner\.(\d{1,9})$/;

/**
 * Takes the folder, or throws `folder_in_use` naming the process that has it. Owners are numbered: who creates `owner.<n+1>`
 * (one atomic link) while the process behind `owner.<n>` is dead has it, and removes only lower numbers; a number never
 * comes back, so two processes that see the same dead owner cannot both win.
 */
export function takeFolder(folder: string): FolderOwner {
  for (;;) {
    const newest = newestOwner(folder);
    const holder = newest === 0 ? undefined : findHolder(ownerFile(folder, newest));
    if (holder !== undefined) throw inUse(folder, holder);
    if (!createOwner(folder, newest + 1)) continue;
    if (newestOwner(folder) !== newest + 1) {
      rmSync(ownerFile(folder, newest + 1), { force: true });
      continue;
    }
    for (const older of ownerNumbers(folder)) if (older <= newest) rmSync(ownerFile(folder, older), { force: true });
    return {
      file: ownerFile(folder, newest + 1),
      successorFile: ownerFile(folder, newest + 2),
      release: () => releaseOwner(folder, newest + 1),
    };
  }
}

const ownerFile = (folder: string, number: number): string => join(folder, `owner.${number}`);

function ownerNumbers(folder: string): number[] {
  return readdirSync(folder).flatMap((name) => {
    const match = NAME.exec(name);
    return match === null ? [] : [Number(match[1])];
  });
}

const newestOwner = (folder: string): number => Math.max(0, ...ownerNumbers(folder));

/** The pid in the file if that very process still runs. */
function findHolder(file: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  const [pid = '', startedAt = ''] = text.split('\n');
  const live = findLiveProcess(Number(pid));
  return live !== undefined && live.startedAt === startedAt ? live.pid : undefined;
}

function createOwner(folder: string, number: number): boolean {
  const draft = join(folder, `.owner.${process.pid}`);
  const startedAt = findLiveProcess(process.pid)?.startedAt ?? '';
  writeFileSync(draft, `${process.pid}\n${startedAt}\n`, { mode: 0o600 });
  try {
    linkSync(draft, ownerFile(folder, number));
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The file stays, so that its number is not given again; it names nobody. */
function releaseOwner(folder: string, number: number): void {
  const draft = join(folder, `.owner.${process.pid}`);
  try {
    writeFileSync(draft, '0\nreleased\n', { mode: 0o600 });
    renameSync(draft, ownerFile(folder, number));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function inUse(folder: string, pid: number): StoreError {
  return new StoreError(
    'folder_in_use',
    `The database in ${folder} is already run by process ${pid}. Stop that process, or give this one another data folder.`,
    { folder, pid },
  );
}
