import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export interface ProcessFacts {
  readonly pid: number;
  readonly parent: number;
  readonly rssKiB: number;
}

/** Every process of this machine that can be seen: from /proc on Linux, elsewhere from ps. */
export function listProcesses(): readonly ProcessFacts[] {
  return existsSync('/proc/self/status') ? fromProc() : fromPs();
}

/** proc(5), /proc/[pid]/status: the kernel's own threads have no VmRSS. */
function fromProc(): readonly ProcessFacts[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid)) return [];
    let status: string;
    try {
      status = readFileSync(`/proc/${pid}/status`, 'latin1');
    } catch {
      // It ended meanwhile.
      return [];
    }
    const parent = Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0);
    const rssKiB = Number(/^VmRSS:\s*(\d+) kB/m.exec(status)?.[1] ?? 0);
    return [{ pid, parent, rssKiB }];
  });
}

function fromPs(): readonly ProcessFacts[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid = 0, parent = 0, rssKiB = 0] = line.trim().split(/\s+/).map(Number);
    return { pid, parent, rssKiB };
  });
}

/** `root` and all that descend from it, as long as no one between them has ended. */
export function processTree(processes: readonly ProcessFacts[], root: number): readonly ProcessFacts[] {
  const children = new Map<number, ProcessFacts[]>();
  for (const facts of processes) {
    const siblings = children.get(facts.parent);
    if (siblings) siblings.push(facts);
    else children.set(facts.parent, [facts]);
  }
  const tree = processes.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

const KIB_PER_MIB = 1_024;

/** Memory of a process and all its descendants, MiB: the sum of their resident sets, shared pages counted in each. */
export function treeRssMiB(root: number): number {
  return processTree(listProcesses(), root).reduce((sum, { rssKiB }) => sum + rssKiB, 0) / KIB_PER_MIB;
}

export interface MemoryWatch {
  /** Most at one time so far, MiB. */
  peakMiB(): number;
  stop(): void;
}

const SAMPLE_MS = 500;

/** Samples the memory of this process and its descendants twice a second. */
export function watchMemory(): MemoryWatch {
  let peak = 0;
  const sample = (): void => {
    peak = Math.max(peak, treeRssMiB(process.pid));
  };
  sample();
  const timer = setInterval(sample, SAMPLE_MS);
  timer.unref();
  return {
    peakMiB() {
      sample();
      return peak;
    },
    stop: () => clearInterval(timer),
  };
}
