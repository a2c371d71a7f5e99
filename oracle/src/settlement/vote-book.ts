import type { FileHandle } from 'node:fs/promises';
import { type EpochStatement, epochStructHash } from '@sextant/contracts-client/encoding';
import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import { z } from 'zod';
import { openForAppending, readIfPresent } from './durable-file.ts';

const Line = z.object({
  epoch: z.int().nonnegative(),
  attempt: z.int().nonnegative(),
  structHash: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Two different epochs for one (epoch, attempt): signing both would cost the bond. */
export class DoubleVoteError extends Error {
  override readonly name = 'DoubleVoteError';
  readonly epoch: number;
  readonly attempt: number;

  constructor(epoch: number, attempt: number) {
    super(`Attempt ${attempt} at epoch ${epoch} was signed with other content before, and is not signed again.`);
    this.epoch = epoch;
    this.attempt = attempt;
  }
}

/** The book of votes cannot be read; the message says what to do. */
export class VoteBookError extends Error {
  override readonly name = 'VoteBookError';
}

/** What this validator has signed on one deployment: one line a vote, on the disk before the signature exists. */
export class VoteBook {
  readonly #file: FileHandle;
  readonly #votes: Map<string, string>;

  private constructor(file: FileHandle, votes: Map<string, string>) {
    this.#file = file;
    this.#votes = votes;
  }

  /** A last line that a crash cut off is no vote: nothing was signed before it was whole. Throws VoteBookError. */
  static async open(path: string): Promise<VoteBook> {
    const lines = (await readIfPresent(path))?.split('\n') ?? [];
    const torn = lines.at(-1) ?? '';
    const votes = new Map<string, string>();
    for (const line of lines.slice(0, -1)) {
      // The rest of a line that was cut off was ended by the start after it.
      if (line === '' || line.endsWith('#')) continue;
      const { epoch, attempt, structHash } = parseLine(line, path);
      votes.set(keyOf(epoch, attempt), structHash);
    }
    const file = await openForAppending(path);
    if (torn !== '') await file.appendFile('#\n');
    return new VoteBook(file, votes);
  }

  /** The lowest attempt from `attempt` on that this content may be signed for. */
  firstFree(statement: EpochStatement): number {
    for (let { attempt } = statement; ; attempt++) {
      const voted = this.#votes.get(keyOf(statement.epoch, attempt));
      if (voted === undefined || voted === hashOf({ ...statement, attempt })) return attempt;
    }
  }

  /** On the disk when it resolves; only then may the statement be signed. Throws DoubleVoteError. */
  async record(statement: EpochStatement): Promise<void> {
    const { epoch, attempt } = statement;
    const structHash = hashOf(statement);
    const voted = this.#votes.get(keyOf(epoch, attempt));
    if (voted === structHash) return;
    if (voted !== undefined) throw new DoubleVoteError(epoch, attempt);
    await this.#file.appendFile(`${JSON.stringify({ epoch, attempt, structHash })}\n`);
    await this.#file.datasync();
    this.#votes.set(keyOf(epoch, attempt), structHash);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

const keyOf = (epoch: number, attempt: number): string => `${epoch}/${attempt}`;
const hashOf = (statement: EpochStatement): string => bytesToHex(epochStructHash(statement));

function parseLine(line: string, path: string): z.output<typeof Line> {
  try {
    return Line.parse(JSON.parse(line));
  } catch (error) {
    throw new VoteBookError(
      `${path} is damaged. It keeps this validator from signing twice, which costs the bond: put it back from a copy.`,
      { cause: error },
    );
  }
}
