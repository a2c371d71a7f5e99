import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  parseNoteKey,
  verifyCheckpoint,
  verifyConsistency,
  verifyInclusion,
  verifySignature,
} from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import { folderSource } from './folder-objects.ts';
import { nodeFileSystem } from './node-file-system.ts';
import { openLogReader } from './open-log-reader.ts';
import { hashLeaf } from './tree-hash.ts';
import { EMPTY_TREE_HEAD, growTree } from './tree-head.ts';

// A log of 15 entries written by trillian-tessera (transparency-dev/trillian-tessera, testdata/log, Apache-2.0), which
// lies beside the checkout where it is present; the key is published with it.
const directory = fileURLToPath(new URL('../../../../shared/data/tlog/tessera/testdata/log', import.meta.url));
const isPresent = existsSync(directory);
const origin = 'example.com/log/testdata';
const key = parseNoteKey(`${origin}+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx`);
if (key === undefined) throw new Error('the published key was refused');
const options = { origin, key };
const objects = folderSource(directory, nodeFileSystem);
const SIZES = Array.from({ length: 15 }, (_, at) => at + 1);

const checkpointAt = (size: number) => new Uint8Array(readFileSync(`${directory}/checkpoint.${size}`));

async function readerAt(size: number) {
  return openLogReader({ ...options, checkpoint: checkpointAt(size) }, { objects });
}

describe.skipIf(!isPresent)(
  `a log that another implementation wrote${isPresent ? '' : ' (SKIPPED: data absent)'}`,
  () => {
    it('has checkpoints signed by its key, from size 0 on', () => {
      for (const size of [0, ...SIZES]) {
        expect(verifyCheckpoint(checkpointAt(size), options, verifySignature)).toMatchObject({
          ok: true,
          checkpoint: { origin, size },
        });
      }
    });

    it.each(SIZES)(
      'is read from its tiles and bundles at size %i, and its entries come to the signed root',
      async (size) => {
        const reader = await readerAt(size);
        const hashes: Uint8Array[] = [];
        for await (const entry of reader.entries(0)) hashes.push(hashLeaf(entry));
        const { root } = reader.checkpoint();
        expect(growTree(EMPTY_TREE_HEAD, hashes).root).toEqual(root);
        expect(await reader.rootAt(size)).toEqual(root);
        for (const [leafIndex, leafHash] of hashes.entries()) {
          const proof = await reader.inclusionProof(leafIndex, size);
          expect(verifyInclusion({ leafIndex, treeSize: size, leafHash, root }, proof)).toBe(true);
        }
      },
    );

    it('has consistent checkpoints', async () => {
      const latest = await openLogReader(options, { objects });
      const { size: newSize, root: newRoot } = latest.checkpoint();
      for (const oldSize of SIZES) {
        const oldRoot = (await readerAt(oldSize)).checkpoint().root;
        const proof = await latest.consistencyProof(oldSize, newSize);
        expect(verifyConsistency({ oldSize, oldRoot, newSize, newRoot }, proof)).toBe(true);
      }
    });
  },
);
