import { mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Makes in `folder` the links (`libpq.so.5` → `libpq.so.5.18`) that the npm package leaves to its install script, and returns
 * the library path a server needs. The package itself is only read: it may be write-protected or shared by several
 * checkouts. The package's own folder is on the path too, because libraries found through the links look beside the link.
 */
export function makeLibraryLinks(nativeDirectory: string, folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  for (const { source, target } of readLinkList(nativeDirectory)) {
    const wanted = join(nativeDirectory, 'lib', basename(source));
    const link = join(folder, basename(target));
    if (readLink(link) === wanted) continue;
    const draft = `${link}.${process.pid}`;
    rmSync(draft, { force: true });
    symlinkSync(wanted, draft);
    renameSync(draft, link);
  }
  return `${folder}:${join(nativeDirectory, 'lib')}`;
}

function readLinkList(nativeDirectory: string): { source: string; target: string }[] {
  const list: unknown = JSON.parse(readFileSync(join(nativeDirectory, 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(list)) return [];
  return list.filter(
    (entry): entry is { source: string; target: string } =>
      typeof entry === 'object' &&
      entry !== null &&
      typeof (entry as { source?: unknown }).source === 'string' &&
      typeof (entry as { target?: unknown }).target === 'string',
  );
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
