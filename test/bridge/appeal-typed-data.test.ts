import {
  ACCUSATION_CODES,
  appealDigest,
  appealTypedData,
  bytesToHex,
  isOwnerSignature,
} from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { hashTypedData, hexToBytes, recoverTypedDataAddress } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { expect, it } from 'vitest';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const statements = fc.record(
  {
    networkId: fc.stringMatching(/^[a-z0-9-]{1,32}$/),
    key: bytes(32),
    accusation: fc.constantFrom(...ACCUSATION_CODES),
    epoch: fc.nat({ max: 2 ** 31 }),
    statementHash: bytes(32),
  },
  { requiredKeys: ['networkId', 'key', 'accusation', 'epoch'] },
);
const domains = fc.record({ chainId: fc.bigInt({ min: 0n, max: 2n ** 40n }), verifyingContract: bytes(20) });
const account = privateKeyToAccount(`0x${'5a'.repeat(32)}`);

/** As a wallet gets it: through JSON. */
const asWallet = (statement: Parameters<typeof appealTypedData>[0], domain: Parameters<typeof appealTypedData>[1]) => {
  const { types, ...rest } = JSON.parse(JSON.stringify(appealTypedData(statement, domain))) as ReturnType<
    typeof appealTypedData
  >;
  return { ...rest, types: { Appeal: types.Appeal }, message: { ...rest.message, epoch: BigInt(rest.message.epoch) } };
};

it('is what the protocol takes the digest of, by another implementation of EIP-712', () => {
  fc.assert(
    fc.property(statements, domains, (statement, domain) => {
      const digest = appealDigest(statement, domain);
      expect(hashTypedData(asWallet(statement, domain))).toBe(`0x${bytesToHex(digest)}`);
    }),
  );
});

it('is signed by a wallet as the network checks it', async () => {
  await fc.assert(
    fc.asyncProperty(statements, domains, async (statement, domain) => {
      const signature = await account.signTypedData(asWallet(statement, domain));
      const owner = await recoverTypedDataAddress({ ...asWallet(statement, domain), signature });
      expect(owner).toBe(account.address);
      const digest = appealDigest(statement, domain);
      expect(isOwnerSignature(digest, hexToBytes(signature), hexToBytes(account.address))).toBe(true);
    }),
    { numRuns: 10 },
  );
});
