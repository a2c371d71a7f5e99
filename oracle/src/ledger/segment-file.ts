import { join } from 'node:path';
import type { FileSystem } from './file-system.ts';

/** One file of groups. Its name says where it starts: whatever its predecessor holds from there on was given up. */
export interface Segment {
  readonly path: string;
  readonly sequence: number;
  readonly firstLeaf: number;
}

const NAME = /^(\d{10})-(\d{16})\.seg$/;

export function segmentAt(directory: string, sequence: number, firstLeaf: number): Segment {
  const name = `${String(sequence).padStart(10, '0')}-${String(firstLeaf).padStart(16, '0')}.seg`;
  return { path: join(directory, name), sequence, firstLeaf };
}

/** The segments of a folder in the order they were begun; other files are left alone. */
export async function listSegments(fileSystem: FileSystem, directory: string): Promise<Segment[]> {
  const names = await fileSystem.list(directory);
  return names
    .map((name) => NAME.exec(name))
    .filter((match) => match !== null)
    .map((match) => segmentAt(directory, Number(match[1]), Number(match[2])))
    .sort((a, b) => a.sequence - b.sequence);
}
