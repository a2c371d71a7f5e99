import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import {
  ACCUSATION_CODES,
  type AppealStatement,
  appealDigest,
  appealTypedData,
  chainlessDomain,
  hexToBytes,
  isNetworkId,
} from '../protocol/index.ts';

/** An appeal cannot be made as it is; the message says what to do. */
export class AppealError extends Error {
  override readonly name = 'AppealError';
}

const FILE_MAX_BYTES = 65_536;
const NO_STATEMENT = new Uint8Array(32);

const bytes = (length: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * length}}$`))
    .transform((text) => hexToBytes(text.slice(2).toLowerCase()));

/** Of the typed data only the message counts: all else follows from it. */
const FILE = z.object({
  primaryType: z.literal('Appeal'),
  message: z.object({
    network: z.string().refine(isNetworkId),
    key: bytes(32),
    accusation: z.enum(ACCUSATION_CODES),
    epoch: z.int().nonnegative(),
    statementHash: bytes(32),
  }),
  signature: z.string().optional(),
});

export interface AppealFile {
  readonly statement: AppealStatement;
  /** As it stands in the file, unchecked. */
  readonly signature?: string;
}

/** What the owner signs, as JSON that wallets and `sextant-claim appeal` read. */
export function formatAppealFile(statement: AppealStatement): string {
  return `${JSON.stringify(appealTypedData(statement, chainlessDomain(statement.networkId)), undefined, 2)}\n`;
}

/** Reads what `sextant-bridge appeal --write` wrote, signed or not. Rejects with AppealError. */
export async function readAppealFile(path: string): Promise<AppealFile> {
  let text: string;
  try {
    if ((await stat(path)).size > FILE_MAX_BYTES) throw notAnAppeal(path);
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof AppealError) throw error;
    throw new AppealError(
      `${path} cannot be read. Make it with  sextant-bridge appeal --accusation CODE --write ${path}`,
    );
  }
  const parsed = FILE.safeParse(parseJson(text));
  if (!parsed.success) throw notAnAppeal(path);
  const { message, signature } = parsed.data;
  const { network: networkId, key, accusation, epoch, statementHash } = message;
  const isSaid = !Buffer.from(statementHash).equals(NO_STATEMENT);
  return {
    statement: { networkId, key, accusation, epoch, ...(isSaid ? { statementHash } : {}) },
    ...(signature === undefined ? {} : { signature }),
  };
}

/** r ‖ s ‖ v as wallets print it; some say 0 or 1 for v. Throws AppealError. */
export function parseOwnerSignature(text: string): Uint8Array {
  const digits = /^(?:0x)?([0-9a-fA-F]{130})$/.exec(text.trim())?.[1];
  if (digits === undefined) {
    throw new AppealError(
      'The signature is none: 0x and 130 hex digits, as a wallet or  sextant-claim appeal  prints it.',
    );
  }
  const signature = hexToBytes(digits.toLowerCase());
  const v = signature[64] ?? 0;
  if (v < 2) signature[64] = v + 27;
  return signature;
}

/** What the owner's wallet signs, 32 bytes. */
export const digestOf = (statement: AppealStatement): Uint8Array =>
  appealDigest(statement, chainlessDomain(statement.networkId));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const notAnAppeal = (path: string): AppealError =>
  new AppealError(
    `${path} is no appeal as  sextant-bridge appeal --accusation CODE --write FILE  writes it. Make it anew.`,
  );
