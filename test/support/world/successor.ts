import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { chainlessDomain, type Successor, successorDigest, successorMessage } from '@sextant/firmware-bridge/protocol';
import type { Member, World } from './world.ts';

/** EVM address of a wallet's secret key. */
export const addressOf = (wallet: Uint8Array): Uint8Array =>
  keccak_256(secp256k1.getPublicKey(wallet, false).subarray(1)).slice(12);

interface HandingOver {
  readonly from: Pick<Member, 'key'>;
  readonly to: Pick<Member, 'key' | 'signer'>;
  /** Secret key of whoever signs as the owner. */
  readonly wallet: Uint8Array;
}

/** A key hands over to another. */
export function successorOf({ networkId }: Pick<World, 'networkId'>, { from, to, wallet }: HandingOver): Successor {
  const statement = { networkId, oldKey: from.key, newKey: to.key };
  const digest = successorDigest(statement, chainlessDomain(networkId));
  const recovered = secp256k1.sign(digest, wallet, { prehash: false, format: 'recovered', lowS: true });
  const ownerSignature = Uint8Array.of(...recovered.subarray(1), 27 + (recovered[0] ?? 0));
  return {
    kind: 'successor',
    newKey: to.key,
    ownerSignature,
    newKeySignature: to.signer.sign(successorMessage(statement)),
  };
}
