import { decodeReceiptMessage, encodeReceiptMessage } from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { writeReceipt } from './receipt-writer.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });

it('writes byte for byte what the protocol encodes', () => {
  fc.assert(
    fc.property(
      fc.record({
        incarnation: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        sequence: fc.integer({ min: 0, max: 2 ** 40 }),
        payloadHash: hash,
        leafIndex: fc.maxSafeNat(),
        proof: fc.array(hash, { maxLength: 64 }),
        checkpoint: fc.uint8Array({ minLength: 1, maxLength: 400 }),
      }),
      ({ incarnation, sequence, payloadHash, leafIndex, proof, checkpoint }) => {
        const written = writeReceipt({ incarnation, sequence }, payloadHash, {
          leafIndex,
          proof,
          checkpoint,
        });
        const receipt = { kind: 'receipt', incarnation, sequence, payloadHash, leafIndex, proof, checkpoint } as const;
        expect(Buffer.from(written).equals(encodeReceiptMessage(receipt))).toBe(true);
        expect(decodeReceiptMessage(new Uint8Array(written))).toEqual({ ok: true, value: receipt });
      },
    ),
  );
});
