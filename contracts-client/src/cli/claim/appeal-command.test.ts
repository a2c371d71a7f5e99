import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashTypedData, recoverAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { UsageError } from '../usage-error.ts';
import { appealCommand } from './appeal-command.ts';

const account = privateKeyToAccount(`0x${'5a'.repeat(32)}`);
const zero32 = `0x${'00'.repeat(32)}` as const;
const APPEAL = {
  types: {
    EIP712Domain: [{ name: 'name', type: 'string' }],
    Appeal: [
      { name: 'network', type: 'string' },
      { name: 'key', type: 'bytes32' },
      { name: 'accusation', type: 'string' },
      { name: 'epoch', type: 'uint256' },
      { name: 'statementHash', type: 'bytes32' },
    ],
  },
  primaryType: 'Appeal',
  domain: { name: 'Sextant', version: '1', chainId: 0, verifyingContract: `0x${'12'.repeat(20)}` },
  message: {
    network: 'test-net',
    key: `0x${'07'.repeat(32)}`,
    accusation: 'unheard_cluster',
    epoch: 12,
    statementHash: zero32,
  },
} as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'claim-appeal-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function sign(content: unknown) {
  const path = join(folder, 'appeal.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  const said: { facts: Readonly<Record<string, unknown>>; text: string }[] = [];
  const modules = {
    account: () => Promise.resolve(account),
    say: (facts: Readonly<Record<string, unknown>>, text: string) => void said.push({ facts, text }),
  };
  const code = await appealCommand(path, modules);
  return { path, code, said: said[0] };
}

it('signs what it says, and adds the signature to the file', async () => {
  const { path, code, said } = await sign(APPEAL);
  expect(code).toBe(0);
  const file = JSON.parse(await readFile(path, 'utf8')) as typeof APPEAL & { signature: `0x${string}` };
  const { signature, ...rest } = file;
  expect(rest).toEqual(APPEAL);
  const { types, message, domain, primaryType } = APPEAL;
  const hash = hashTypedData({
    primaryType,
    domain: { ...domain, chainId: BigInt(domain.chainId) },
    types: { ...types, EIP712Domain: DOMAIN },
    message: { ...message, epoch: 12n },
  });
  expect(await recoverAddress({ hash, signature })).toBe(account.address);
  expect(said?.facts).toMatchObject({ signer: account.address, signature, stored: true });
  for (const part of ['test-net', 'unheard_cluster', 'epoch 12', `--send ${path}`]) expect(said?.text).toContain(part);
});

it.each<[string, unknown]>([
  ['no JSON', 'hello'],
  ['a permit of tokens', { ...APPEAL, primaryType: 'Permit' }],
  ['a type of another order', { ...APPEAL, types: { Appeal: APPEAL.types.Appeal.toReversed() } }],
  ['another program’s domain', { ...APPEAL, domain: { ...APPEAL.domain, name: 'Bank' } }],
  ['something more to sign', { ...APPEAL, message: { ...APPEAL.message, amount: 1 } }],
  ['more than any appeal', ' '.repeat(70_000)],
])('signs nothing else: %s', async (_, content) => {
  await expect(sign(content)).rejects.toThrow(UsageError);
});

it('asks for the file', async () => {
  const modules = { account: () => Promise.resolve(account), say: () => undefined };
  await expect(appealCommand(undefined, modules)).rejects.toThrow(UsageError);
});

const DOMAIN = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
] as const;
