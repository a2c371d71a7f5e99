import { createHash } from 'node:crypto';
import { hexToBytes } from '@sextant/firmware-bridge/protocol';
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
  /** Base units of all epochs before this one. */
  readonly totalBefore: bigint;
  /** Base units of all epochs up to and with this one: paid, or held for somebody. */
  readonly total: bigint;
}

/** Where agreed epochs come from: the validator's archive, or what a quorum has signed. */
export interface AgreedEpochs {
  /** Undefined while the epoch is not closed here. */
  find(epoch: number): Promise<AgreedEpoch | undefined>;
}

const integer = z.string().regex(/^\d{1,40}$/);
const Summary = z.object({
  epoch: integer.transform(Number),
  attempt: integer.transform(Number),
  roots: z.object({ owners: z.string().regex(/^[0-9a-f]{64}$/) }),
  total: integer.transform(BigInt),
});

interface ReadEpoch extends z.output<typeof Summary> {
  readonly summaryHash: Uint8Array;
}

const ZERO_ROOT = new Uint8Array(32);

/**
 * The epochs of a network whose only validator this is: what it archived is agreed. The totals are summed here and never
 * taken from the chain, so an endpoint that lies about them is found out.
 */
export function archivedEpochs(archive: Pick<EpochArchive, 'findSummary'>): AgreedEpochs {
  /** Index: epoch; value: base units of all epochs before it. */
  const totalsBefore = [0n];

  const read = async (epoch: number): Promise<ReadEpoch | undefined> => {
    const bytes = await archive.findSummary(epoch);
    if (bytes === undefined) return undefined;
    const summary = Summary.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if (summary.epoch !== epoch) throw new Error(`the archive has epoch ${summary.epoch} in the place of ${epoch}`);
    return { ...summary, summaryHash: new Uint8Array(createHash('sha256').update(bytes).digest()) };
  };

  const totalBefore = async (epoch: number): Promise<bigint | undefined> => {
    while (totalsBefore.length <= epoch) {
      const summary = await read(totalsBefore.length - 1);
      if (summary === undefined) return undefined;
      totalsBefore.push((totalsBefore.at(-1) ?? 0n) + summary.total);
    }
    return totalsBefore[epoch];
  };

  return {
    async find(epoch) {
      const [summary, before] = [await read(epoch), await totalBefore(epoch)];
      const previous = epoch === 0 ? undefined : await read(epoch - 1);
      if (summary === undefined || before === undefined || (epoch > 0 && previous === undefined)) return undefined;
      return {
        epoch,
        attempt: summary.attempt,
        summaryHash: summary.summaryHash,
        root: hexToBytes(summary.roots.owners),
        prevRoot: previous === undefined ? ZERO_ROOT : hexToBytes(previous.roots.owners),
        totalBefore: before,
        total: before + summary.total,
      };
    },
  };
}
