import { bytesToHex, type Hex, hexToBytes } from 'viem';
import { EPOCH_SIGNATURE_BYTES, type EpochStatement } from '../encoding/index.ts';

/** An epoch as viem passes it to the contract. */
export interface EpochArgument {
  readonly epoch: bigint;
  readonly attempt: number;
  readonly setId: number;
  readonly prevRoot: Hex;
  readonly summaryHash: Hex;
  readonly root: Hex;
  readonly total: bigint;
}

export function epochArgument({ epoch, prevRoot, summaryHash, root, ...rest }: EpochStatement): EpochArgument {
  return {
    ...rest,
    epoch: BigInt(epoch),
    prevRoot: bytesToHex(prevRoot),
    summaryHash: bytesToHex(summaryHash),
    root: bytesToHex(root),
  };
}

/** The other way round, for what the chain says. */
export function epochStatement({ epoch, prevRoot, summaryHash, root, ...rest }: EpochArgument): EpochStatement {
  return {
    ...rest,
    epoch: Number(epoch),
    prevRoot: hexToBytes(prevRoot),
    summaryHash: hexToBytes(summaryHash),
    root: hexToBytes(root),
  };
}

/** A compact signature as the contract takes it. */
export interface SignatureArgument {
  readonly r: Hex;
  readonly vs: Hex;
}

/** Splits signatures of 64 bytes each. */
export function signatureArguments(signatures: Uint8Array): readonly SignatureArgument[] {
  return Array.from({ length: signatures.length / EPOCH_SIGNATURE_BYTES }, (_, i) => {
    const one = signatures.subarray(i * EPOCH_SIGNATURE_BYTES, (i + 1) * EPOCH_SIGNATURE_BYTES);
    return { r: bytesToHex(one.subarray(0, 32)), vs: bytesToHex(one.subarray(32)) };
  });
}

/** Throws RangeError unless it has 64 bytes. */
export function signatureArgument(signature: Uint8Array): SignatureArgument {
  const [first] = signatureArguments(signature);
  if (first === undefined || signature.length !== EPOCH_SIGNATURE_BYTES) {
    throw new RangeError(`a compact signature has ${EPOCH_SIGNATURE_BYTES} bytes, got ${signature.length}`);
  }
  return first;
}
