import fc from 'fast-check';
import { encodeAbiParameters, encodeFunctionData, type Hex, toFunctionSelector } from 'viem';
import { describe, expect, it } from 'vitest';
import { coverageTokenAbi } from '../generated/coverage-token.abi.ts';
import { rewardDistributorAbi } from '../generated/reward-distributor.abi.ts';
import { type AbiEntry, decodeWords, encodeCall, selectorOf } from './static-abi.ts';

const hex = (bytes: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((value): Hex => `0x${Buffer.from(value).toString('hex')}`);
const uint = (bits: number): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });
const claim = rewardDistributorAbi.find((entry) => entry.type === 'function' && entry.name === 'claim') as AbiEntry;

describe('call data', () => {
  it('of a claim is what viem makes', () => {
    const claims = fc.record({
      epoch: uint(64),
      account: hex(20),
      cumulative: uint(256),
      proof: fc.array(hex(32), { maxLength: 20 }),
    });
    fc.assert(
      fc.property(claims, ({ epoch, account, cumulative, proof }) => {
        const args = [epoch, account, cumulative, proof] as const;
        const theirs = encodeFunctionData({ abi: rewardDistributorAbi, functionName: 'claim', args });
        expect(encodeCall(claim, args)).toBe(theirs);
      }),
      { numRuns: 50 },
    );
  });

  it('selects every function and error of the contracts that has no tuple in it', () => {
    for (const entry of [...rewardDistributorAbi, ...coverageTokenAbi]) {
      if (
        (entry.type !== 'function' && entry.type !== 'error') ||
        entry.inputs.some(({ type }) => type.includes('tuple'))
      )
        continue;
      const signature = `${entry.name}(${entry.inputs.map(({ type }) => type).join()})`;
      expect(selectorOf(entry)).toBe(toFunctionSelector(signature));
    }
  });

  it('is refused for what does not fit', () => {
    const one = (type: string): AbiEntry => ({ name: 'f', inputs: [{ type }] });
    expect(() => encodeCall(one('uint64'), [2n ** 64n])).toThrow(RangeError);
    expect(() => encodeCall(one('uint64'), [-1n])).toThrow(RangeError);
    expect(() => encodeCall(one('bytes32'), ['0x00'])).toThrow(RangeError);
    expect(() => encodeCall(one('string'), ['0x00'])).toThrow(RangeError);
    expect(() => encodeCall(one('uint64'), [])).toThrow(RangeError);
  });
});

describe('words', () => {
  const TYPES = ['uint128', 'uint48', 'uint32', 'uint40', 'bool', 'address', 'bytes32', 'uint256'] as const;

  it('are read as viem wrote them', () => {
    const values = fc.tuple(uint(128), fc.nat(), fc.nat(), fc.nat(), fc.boolean(), hex(20), hex(32), uint(256));
    fc.assert(
      fc.property(values, (given) => {
        const data = encodeAbiParameters(
          TYPES.map((type) => ({ type })),
          given,
        );
        expect(decodeWords(TYPES, data)).toEqual(given);
      }),
      { numRuns: 50 },
    );
  });

  it('are refused when they are too few or too large', () => {
    expect(() => decodeWords(['uint256'], '0x')).toThrow(RangeError);
    expect(() => decodeWords(['uint256'], '0xzz')).toThrow(RangeError);
    expect(() => decodeWords(['bool'], `0x${'ff'.repeat(32)}`)).toThrow(RangeError);
    expect(() => decodeWords(['string'], `0x${'00'.repeat(32)}`)).toThrow(RangeError);
  });
});
