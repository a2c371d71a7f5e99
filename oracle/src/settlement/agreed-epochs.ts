import { createHash } from 'node:crypto';
import { createOwnerTree } from '@sextant/contracts-client/encoding';
import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import { z } from 'zod';
import type { EpochArchive } from '../judge/index.ts';

/** What of a closed epoch goes to the chain. */
export interface AgreedEpoch {
  readonly epoch: number;
  /** Of the summary. */
  readonly attempt: number;
  /** SHA-256 of the summary, 32 bytes. */
  readonly summaryHash: Uint8Array;
  /** Root of the owner tree, 32 bytes. */
  readonly root: Uint8Array;
  /** Of the epoch before; zero for epoch 0. */
  readonly prevRoot: Uint8Array;
  /** Base units that could be claimed before. */
  readonly totalBefore: bigint;
  /** Base units that can be claimed: the sum of the leaves below `root`. */
  readonly total: bigint;
}

/** Where agreed epochs come from: the validator's archive, or what a quorum has signed. */
export interface AgreedEpochs {
  /** Undefined while the epoch is not closed here. */
  find(epoch: number): Promise<AgreedEpoch | undefined>;
}

const integer = z.string().regex(/^\d{1,16}$/);
const Summary = z.object({
  epoch: integer.transform(Number),
  attempt: integer.transform(Number),
  roots: z.object({ owners: z.string().regex(/^[0-9a-f]{64}$/) }),
});

interface ReadEpoch {
  readonly attempt: number;
  readonly summaryHash: Uint8Array;
  readonly root: Uint8Array;
  readonly total: bigint;
}

/** The archive of a closed epoch contradicts itself; the message says what to do. */
class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

/** Before epoch 0. */
const NOTHING = { root: new Uint8Array(32), total: 0n };

/**
 * The epochs of a network whose only validator this is: what it archived is agreed. The total is the sum of the leaves below
 * the root, so that what is minted is what can be claimed; it is never taken from the chain, so an endpoint that lies about
 * it is found out.
 */
export function archivedEpochs(archive: Pick<EpochArchive, 'findSummary' | 'findOwnerTotals'>): AgreedEpochs {
  const read = async (epoch: number): Promise<ReadEpoch | undefined> => {
    const [bytes, owners] = [await archive.findSummary(epoch), await archive.findOwnerTotals(epoch)];
    if (bytes === undefined || owners === undefined) return undefined;
    const summary = Summary.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    const { root } = createOwnerTree(owners);
    if (summary.epoch !== epoch || bytesToHex(root) !== summary.roots.owners) {
      throw new ArchiveError(`The archive of epoch ${epoch} contradicts itself: run sextant-oracle rebuild.`);
    }
    return {
      attempt: summary.attempt,
      summaryHash: new Uint8Array(createHash('sha256').update(bytes).digest()),
      root,
      total: owners.reduce((sum, { cumulative }) => sum + cumulative, 0n),
    };
  };
  /** What a look at the chain asks for again and again. */
  let latest: AgreedEpoch | undefined;

  return {
    async find(epoch) {
      if (latest?.epoch === epoch) return latest;
      const agreed = await read(epoch);
      const before = epoch === 0 ? NOTHING : await read(epoch - 1);
      if (agreed === undefined || before === undefined) return undefined;
      latest = { ...agreed, epoch, prevRoot: before.root, totalBefore: before.total };
      return latest;
    },
  };
}
