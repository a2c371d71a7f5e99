import {
  constants,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  rmdir,
  truncate,
  unlink,
} from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { AppendFile, FileSystem } from './file-system.ts';
import { systemCodeOf } from './ledger-error.ts';

const OWNER_WRITES = 0o644;

/** The real disk. New files may be read by everyone: everything the ledger writes is public. */
export const nodeFileSystem: FileSystem = {
  async create(path) {
    return appendTo(await open(path, 'ax', OWNER_WRITES));
  },

  async read(path, maxBytes) {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > maxBytes) throw Object.assign(new Error(`${path} has ${size} bytes`), { code: 'EFBIG' });
      return await readFully(file, size);
    } finally {
      await file.close();
    }
  },

  async truncate(path, size) {
    await truncate(path, size);
  },

  async sync(path) {
    await syncByPath(path, constants.O_RDWR);
  },

  async rename(from, to) {
    await rename(from, to);
  },

  async remove(path) {
    const isDirectory = (await lstat(path)).isDirectory();
    await (isDirectory ? rmdir(path) : unlink(path));
  },

  async list(path) {
    try {
      return (await readdir(path)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return [];
      throw error;
    }
  },

  async makeDirectory(path) {
    const firstMade = await mkdir(path, { recursive: true });
    if (firstMade === undefined) return;
    const top = dirname(resolve(firstMade));
    let folder = resolve(path);
    do {
      folder = dirname(folder);
      await syncByPath(folder, constants.O_RDONLY);
    } while (folder !== top);
  },

  async syncDirectory(path) {
    await syncByPath(path, constants.O_RDONLY);
  },
};

async function syncByPath(path: string, flags: number): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readFully(file: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function appendTo(file: FileHandle): AppendFile {
  return {
    async append(bytes) {
      let written = 0;
      while (written < bytes.length) {
        const { bytesWritten } = await file.write(bytes, written, bytes.length - written);
        written += bytesWritten;
      }
    },
    async sync() {
      await file.datasync();
    },
    async close() {
      await file.close();
    },
  };
}
