import fc from 'fast-check';
import { bytesToHex, hashStruct, hashTypedData } from 'viem';
import { describe, expect, it } from 'vitest';
import {
  DISTRIBUTOR_DOMAIN_NAME,
  DISTRIBUTOR_DOMAIN_VERSION,
  type EpochStatement,
  epochDigest,
  epochStructHash,
} from './epoch-statement.ts';

const TYPES = {
  Epoch: [
    { name: 'epoch', type: 'uint64' },
    { name: 'attempt', type: 'uint32' },
    { name: 'setId', type: 'uint32' },
    { name: 'prevRoot', type: 'bytes32' },
    { name: 'summaryHash', type: 'bytes32' },
    { name: 'root', type: 'bytes32' },
    { name: 'total', type: 'uint128' },
  ],
} as const;

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const uint32 = fc.nat({ max: 2 ** 32 - 1 });
const statements: fc.Arbitrary<EpochStatement> = fc.record({
  epoch: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  attempt: uint32,
  setId: uint32,
  prevRoot: bytes(32),
  summaryHash: bytes(32),
  root: bytes(32),
  total: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
});

describe('epoch statement', () => {
  it('has the EIP-712 digest that viem computes', () => {
    fc.assert(
      fc.property(statements, fc.nat(), bytes(20), (statement, chainId, distributor) => {
        const { epoch, attempt, setId, prevRoot, summaryHash, root, total } = statement;
        const typed = {
          types: TYPES,
          primaryType: 'Epoch',
          message: {
            epoch: BigInt(epoch),
            attempt,
            setId,
            prevRoot: bytesToHex(prevRoot),
            summaryHash: bytesToHex(summaryHash),
            root: bytesToHex(root),
            total,
          },
        } as const;
        const domain = {
          name: DISTRIBUTOR_DOMAIN_NAME,
          version: DISTRIBUTOR_DOMAIN_VERSION,
          chainId,
          verifyingContract: bytesToHex(distributor),
        };
        expect(bytesToHex(epochDigest(statement, { chainId, distributor }))).toBe(hashTypedData({ ...typed, domain }));
        expect(bytesToHex(epochStructHash(statement))).toBe(
          hashStruct({ types: TYPES, primaryType: 'Epoch', data: typed.message }),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('does not exist for fields the contract has no room for', () => {
    const good: EpochStatement = {
      epoch: 0,
      attempt: 0,
      setId: 1,
      prevRoot: new Uint8Array(32),
      summaryHash: new Uint8Array(32),
      root: new Uint8Array(32),
      total: 0n,
    };
    expect(() => epochStructHash({ ...good, attempt: 2 ** 32 })).toThrow(RangeError);
    expect(() => epochStructHash({ ...good, epoch: -1 })).toThrow(RangeError);
    expect(() => epochStructHash({ ...good, total: 2n ** 128n })).toThrow(RangeError);
    expect(() => epochStructHash({ ...good, root: new Uint8Array(31) })).toThrow(RangeError);
    expect(() => epochDigest(good, { chainId: 1, distributor: new Uint8Array(32) })).toThrow(RangeError);
  });
});
