import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findLiveProcess } from './process-identity.ts';

/**
 * What `postmaster.pid` of a cluster stands for. `none`: no file. `stale`: its process is gone, a zombie, or an unrelated one
 * that got the same pid. `alive`: a server of this cluster, perhaps still starting or already stopping.
 */
export type PostmasterState =
  | { readonly kind: 'none' }
  | { readonly kind: 'stale'; readonly pid: number }
  | { readonly kind: 'alive'; readonly pid: number };

export const postmasterFile = (cluster: string): string => join(cluster, 'postmaster.pid');

export function readPostmaster(cluster: string): PostmasterState {
  let text: string;
  try {
    text = readFileSync(postmasterFile(cluster), 'utf8');
  } catch {
    return { kind: 'none' };
  }
  const pid = Number(text.split('\n')[0]);
  const live = findLiveProcess(pid);
  if (live === undefined) return { kind: 'stale', pid };
  const foreign = live.command !== '' && !live.command.includes(cluster);
  return foreign ? { kind: 'stale', pid } : { kind: 'alive', pid };
}
