import { basename, dirname } from 'node:path';
import type { AppendFile, FileSystem } from '@sextant/oracle/ledger';
import { LossyFile, survivors } from './lossy-file.ts';
import type { Random } from './seeded-random.ts';

/** One call to the file system, as a fault rule sees it. */
export interface FileCall {
  readonly operation: keyof FileSystem | 'append';
  readonly path: string;
  /** Counts all calls since the disk was made, from 1. */
  readonly number: number;
}

/** How a call fails; an append may have written its first bytes. */
export interface Fault {
  readonly code: string;
  readonly writtenBytes?: number;
}

type Node = LossyFile | LossyFolder;
type NameChange = { readonly set: string; readonly node: Node } | { readonly unset: string };

class LossyFolder {
  readonly names = new Map<string, Node>();
  #durable = new Map<string, Node>();
  #unsynced: NameChange[][] = [];

  /** Changes of one call: they become durable together. */
  change(...changes: NameChange[]): void {
    for (const change of changes) applyName(this.names, change);
    this.#unsynced.push(changes);
  }

  setDurably(name: string, node: Node): void {
    this.names.set(name, node);
    this.#durable.set(name, node);
  }

  sync(): void {
    this.#durable = new Map(this.names);
    this.#unsynced = [];
  }

  losePower(random: Random): void {
    const survived = new Map(this.#durable);
    for (const change of survivors(this.#unsynced, random).flat()) applyName(survived, change);
    this.names.clear();
    for (const [name, node] of survived) this.names.set(name, node);
    for (const node of this.names.values()) node.losePower(random);
    this.sync();
  }
}

function applyName(names: Map<string, Node>, change: NameChange): void {
  if ('set' in change) names.set(change.set, change.node);
  else names.delete(change.unset);
}

/**
 * A disk in memory that keeps what was synced, and of the rest what chance decides, when the power goes. It is as
 * unkind as POSIX allows: bytes need a sync, names need a sync of their folder, a failed sync is never made good.
 */
export class LossyDisk {
  /** Asked before each call; what it returns happens instead. */
  fault: (call: FileCall) => Fault | undefined = () => undefined;
  /** Bytes that fit on the disk; an append beyond it writes what fits and fails with ENOSPC. */
  capacityBytes = Number.POSITIVE_INFINITY;
  /** With this call the power goes. */
  losesPowerAtCall = Number.POSITIVE_INFINITY;
  readonly calls: FileCall[] = [];
  readonly #random: Random;
  #root = new LossyFolder();
  #boot = 0;
  #onPowerLoss: () => void = () => undefined;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The disk as one run of a process sees it: after a power loss no call of that run ever returns. */
  mount(): FileSystem {
    const boot = this.#boot;
    const call = async <T>(operation: FileCall['operation'], path: string, work: () => T): Promise<T> => {
      if (this.#random() < 0.3) await new Promise((resolve) => setImmediate(resolve));
      if (boot !== this.#boot) return never();
      this.calls.push({ operation, path, number: this.calls.length + 1 });
      if (this.calls.length >= this.losesPowerAtCall) {
        if (this.#random() < 0.5) work();
        this.losePower();
        return never();
      }
      return work();
    };
    const checked = <T>(operation: FileCall['operation'], path: string, work: () => T): Promise<T> =>
      call(operation, path, () => {
        this.#failIfAsked(operation, path);
        return work();
      });
    return {
      create: (path) => checked('create', path, () => this.#create(path, call)),
      read: (path, maxBytes) => checked('read', path, () => this.#read(path, maxBytes)),
      truncate: (path, size) => checked('truncate', path, () => this.#file(path).truncate(size)),
      sync: (path) => call('sync', path, () => this.#sync(this.#file(path), path)),
      rename: (from, to) => checked('rename', from, () => this.#rename(from, to)),
      remove: (path) => checked('remove', path, () => this.#remove(path)),
      list: (path) => checked('list', path, () => this.#list(path)),
      makeDirectory: (path) => checked('makeDirectory', path, () => void this.#makeFolder(path)),
      syncDirectory: (path) => checked('syncDirectory', path, () => this.#folder(path).sync()),
    };
  }

  /** Resolves when the power goes. */
  powerLoss(): Promise<void> {
    return new Promise((resolve) => {
      this.#onPowerLoss = resolve;
    });
  }

  /** Now. What was not synced survives as chance will have it; runs that were under way never go on. */
  losePower(): void {
    this.#boot += 1;
    this.losesPowerAtCall = Number.POSITIVE_INFINITY;
    this.#root.losePower(this.#random);
    this.#onPowerLoss();
  }

  /** How often an operation was called on a path that fits. */
  count(operation: FileCall['operation'], path = /(?:)/): number {
    return this.calls.filter((call) => call.operation === operation && path.test(call.path)).length;
  }

  /** Bytes in files now. */
  usedBytes(folder: LossyFolder = this.#root): number {
    let bytes = 0;
    for (const node of folder.names.values()) bytes += node instanceof LossyFile ? node.size : this.usedBytes(node);
    return bytes;
  }

  #failIfAsked(operation: FileCall['operation'], path: string): void {
    const fault = this.fault({ operation, path, number: this.calls.length });
    if (fault !== undefined) throw systemError(fault.code, path);
  }

  #create(
    path: string,
    call: <T>(operation: 'append' | 'sync', path: string, work: () => T) => Promise<T>,
  ): AppendFile {
    const folder = this.#folder(dirname(path));
    if (folder.names.has(basename(path))) throw systemError('EEXIST', path);
    const file = new LossyFile();
    folder.change({ set: basename(path), node: file });
    return {
      append: (bytes) => call('append', path, () => this.#append(file, path, bytes)),
      sync: () => call('sync', path, () => this.#sync(file, path)),
      close: () => Promise.resolve(),
    };
  }

  #append(file: LossyFile, path: string, bytes: Uint8Array): void {
    const free = Number.isFinite(this.capacityBytes) ? this.capacityBytes - this.usedBytes() : bytes.length;
    const full: Fault | undefined =
      bytes.length > free ? { code: 'ENOSPC', writtenBytes: Math.max(free, 0) } : undefined;
    const fault = this.fault({ operation: 'append', path, number: this.calls.length }) ?? full;
    file.append(fault === undefined ? bytes : bytes.subarray(0, fault.writtenBytes ?? 0));
    if (fault !== undefined) throw systemError(fault.code, path);
  }

  #sync(file: LossyFile, path: string): void {
    const fault = this.fault({ operation: 'sync', path, number: this.calls.length });
    if (fault === undefined) return file.sync();
    file.failSync();
    throw systemError(fault.code, path);
  }

  #read(path: string, maxBytes: number): Uint8Array {
    const bytes = this.#file(path).read();
    if (bytes.length > maxBytes) throw systemError('EFBIG', path);
    return bytes;
  }

  #rename(from: string, to: string): void {
    const source = this.#folder(dirname(from));
    const target = this.#folder(dirname(to));
    const node = source.names.get(basename(from));
    if (node === undefined) throw systemError('ENOENT', from);
    if (source === target) {
      source.change({ unset: basename(from) }, { set: basename(to), node });
    } else {
      target.change({ set: basename(to), node });
      source.change({ unset: basename(from) });
    }
  }

  #remove(path: string): void {
    const folder = this.#folder(dirname(path));
    const node = folder.names.get(basename(path));
    if (node === undefined) throw systemError('ENOENT', path);
    if (node instanceof LossyFolder && node.names.size > 0) throw systemError('ENOTEMPTY', path);
    folder.change({ unset: basename(path) });
  }

  #list(path: string): string[] {
    const node = this.#find(path);
    return node instanceof LossyFolder ? [...node.names.keys()].sort((a, b) => (a < b ? -1 : 1)) : [];
  }

  #makeFolder(path: string): LossyFolder {
    if (path === '/') return this.#root;
    const parent = this.#makeFolder(dirname(path));
    const found = parent.names.get(basename(path));
    if (found instanceof LossyFolder) return found;
    if (found !== undefined) throw systemError('ENOTDIR', path);
    const made = new LossyFolder();
    parent.setDurably(basename(path), made);
    return made;
  }

  #find(path: string): Node | undefined {
    if (path === '/') return this.#root;
    const parent = this.#find(dirname(path));
    return parent instanceof LossyFolder ? parent.names.get(basename(path)) : undefined;
  }

  #folder(path: string): LossyFolder {
    const node = this.#find(path);
    if (node instanceof LossyFolder) return node;
    throw systemError(node === undefined ? 'ENOENT' : 'ENOTDIR', path);
  }

  #file(path: string): LossyFile {
    const node = this.#find(path);
    if (node instanceof LossyFile) return node;
    throw systemError(node === undefined ? 'ENOENT' : 'EISDIR', path);
  }
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
