import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { PrivateKeyAccount } from 'viem/accounts';
import { z } from 'zod';
import { UsageError } from '../usage-error.ts';

const FILE_MAX_BYTES = 65_536;

/** What an appeal is signed over: nothing else is ever signed here. Names, types and order are the protocol's. */
const APPEAL_TYPES = {
  Appeal: [
    { name: 'network', type: 'string' },
    { name: 'key', type: 'bytes32' },
    { name: 'accusation', type: 'string' },
    { name: 'epoch', type: 'uint256' },
    { name: 'statementHash', type: 'bytes32' },
  ],
} as const;

const NO_STATEMENT = `0x${'0'.repeat(64)}`;

const hex = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`))
    .transform((text) => text as `0x${string}`);

const APPEAL_FILE = z.looseObject({
  primaryType: z.literal('Appeal'),
  types: z.looseObject({ Appeal: z.array(z.object({ name: z.string(), type: z.string() })) }),
  domain: z.strictObject({
    name: z.literal('Sextant'),
    version: z.literal('1'),
    chainId: z.int().nonnegative(),
    verifyingContract: hex(20),
  }),
  message: z.strictObject({
    network: z.string().min(1).max(64),
    key: hex(32),
    accusation: z.string().regex(/^[a-z_]{1,64}$/),
    epoch: z.int().nonnegative(),
    statementHash: hex(32),
  }),
});

interface AppealModules {
  readonly account: () => Promise<PrivateKeyAccount>;
  readonly say: (facts: Readonly<Record<string, unknown>>, text: string) => void;
}

/** Signs the appeal that `sextant-bridge appeal --write` wrote, and adds the signature to the file. Needs no chain. */
export async function appealCommand(path: string | undefined, { account, say }: AppealModules): Promise<number> {
  if (path === undefined)
    throw new UsageError('appeal takes the file that  sextant-bridge appeal --write FILE  wrote.');
  const appeal = await readAppeal(path);
  const { domain, message } = appeal;
  const signer = await account();
  const signature = await signer.signTypedData({
    domain,
    types: APPEAL_TYPES,
    primaryType: 'Appeal',
    message: { ...message, epoch: BigInt(message.epoch) },
  });
  const isStored = await addSignature(path, { ...appeal, signature });
  const { network, key, accusation, epoch, statementHash } = message;
  say(
    { signer: signer.address, signature, file: path, stored: isStored, ...message },
    [
      `Signed by ${signer.address}: an appeal on network ${network}, for the hotspot with the key ${key},`,
      `against ${accusation}, borne out last in epoch ${epoch}${statementHash === NO_STATEMENT ? '' : `, with the statement ${statementHash}`}.`,
      isStored
        ? `The signature is in ${path}. On the machine of the bridge:`
        : `${path} cannot be written, so hand the signature in beside it. On the machine of the bridge:`,
      `  sextant-bridge appeal --send ${path}${isStored ? '' : ` --signature ${signature}`}`,
    ].join('\n'),
  );
  return 0;
}

async function readAppeal(path: string): Promise<z.infer<typeof APPEAL_FILE>> {
  if ((await stat(path)).size > FILE_MAX_BYTES) throw notAnAppeal(path);
  const parsed = APPEAL_FILE.safeParse(parseJson(await readFile(path, 'utf8')));
  const isSame = parsed.success && JSON.stringify(parsed.data.types.Appeal) === JSON.stringify(APPEAL_TYPES.Appeal);
  if (!parsed.success || !isSame) throw notAnAppeal(path);
  return parsed.data;
}

/** All of the new file or all of the old one. False where it cannot be written. */
async function addSignature(path: string, content: unknown): Promise<boolean> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, `${JSON.stringify(content, undefined, 2)}\n`, { flag: 'wx' });
    await rename(temporary, path);
    return true;
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
    return false;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const notAnAppeal = (path: string): UsageError =>
  new UsageError(
    `${path} is no appeal as  sextant-bridge appeal --write FILE  writes it, and nothing else is signed here.`,
  );
