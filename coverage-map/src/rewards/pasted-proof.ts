import {
  createWalletReader,
  type Deployment,
  type EthereumProvider,
  listClaimableRoots,
  type OwnerProof,
  type ProofFault,
  readProof,
} from '@sextant/contracts-client/browser';
import type { AddressText } from '@sextant/oracle/api';

const WORDS: Readonly<Record<Exclude<ProofFault, 'unreachable'>, string>> = {
  not_an_answer: 'This is no proof. Paste all that the mirror shows at that address.',
  other_owner: 'This is a proof of another account.',
  wrong_proof: 'This proof leads to no root that the chain pays from now. It is not used.',
};

/** The proof in a text from anywhere, when it leads to one of the roots on the chain; else what is wrong with it. */
export async function proofFromText(
  text: string,
  deployment: Pick<Deployment, 'contracts'>,
  address: AddressText,
  provider: EthereumProvider,
): Promise<OwnerProof | string> {
  const roots = await listClaimableRoots(createWalletReader(provider), deployment);
  let fault: ProofFault = 'wrong_proof';
  for (const root of roots) {
    const found = readProof(text, root, address as `0x${string}`);
    if (typeof found !== 'string') return found;
    fault = found;
  }
  return fault === 'unreachable' ? WORDS.not_an_answer : WORDS[fault];
}
