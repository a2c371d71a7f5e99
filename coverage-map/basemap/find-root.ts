import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this workspace, whether this runs from the source or from what is compiled from it. */
export function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'index.html'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('The folder of the coverage map was not found');
    folder = parent;
  }
  return folder;
}
