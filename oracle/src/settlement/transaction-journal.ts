import { z } from 'zod';
import { readIfPresent, replaceDurably } from './durable-file.ts';

const hex = z.stringFormat('hex', /^0x[0-9a-f]*$/i).transform((text) => text as `0x${string}`);
const amount = z.stringFormat('whole number', /^\d{1,40}$/).transform(BigInt);

const Try = z.object({ hash: hex, raw: hex, maxFeePerGas: amount, maxPriorityFeePerGas: amount, sentAtMs: z.int() });
const Open = z.object({
  /** `postEpoch` or `activate`. */
  call: z.string(),
  epoch: z.int(),
  attempt: z.int(),
  to: hex,
  data: hex,
  gas: amount,
  nonce: z.int(),
  /** All with that nonce, so that one of them at most can ever count; oldest first. */
  tries: z.array(Try).min(1),
});
const State = z.object({ version: z.literal(1), open: Open.optional() });

/** One signed form of a transaction. */
export type TransactionTry = Readonly<z.output<typeof Try>>;
/** The transaction that is on its way. */
export type OpenTransaction = Readonly<Omit<z.output<typeof Open>, 'tries'>> & {
  readonly tries: readonly TransactionTry[];
};

/** The journal cannot be read; the message says what to do. */
class JournalError extends Error {
  override readonly name = 'JournalError';
}

/**
 * The one transaction that may be on its way, on the disk before it is sent: a process that dies between the two sends the
 * very same bytes again.
 */
export class TransactionJournal {
  readonly #path: string;
  #open: OpenTransaction | undefined;

  private constructor(path: string, open: OpenTransaction | undefined) {
    this.#path = path;
    this.#open = open;
  }

  /** Throws JournalError. */
  static async open(path: string): Promise<TransactionJournal> {
    const text = await readIfPresent(path);
    if (text === undefined) return new TransactionJournal(path, undefined);
    try {
      return new TransactionJournal(path, State.parse(JSON.parse(text)).open);
    } catch (error) {
      throw new JournalError(
        `${path} is damaged. Delete it: what is on the chain already is not posted twice, at worst a fee is paid again.`,
        { cause: error },
      );
    }
  }

  get current(): OpenTransaction | undefined {
    return this.#open;
  }

  /** On the disk when it resolves. */
  async write(open: OpenTransaction | undefined): Promise<void> {
    const state = { version: 1, ...(open === undefined ? {} : { open }) };
    const text = JSON.stringify(state, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    await replaceDurably(this.#path, `${text}\n`);
    this.#open = open;
  }
}
