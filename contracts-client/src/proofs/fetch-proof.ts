import { type Address, getAddress, hexToBytes } from 'viem';
import { z } from 'zod';
import type { ClaimableRoot } from '../actions/list-claimable-roots.ts';
import { verifyOwnerProof } from '../encoding/index.ts';
import type { OwnerProof } from './owner-proof.ts';

/** A tree of 2^40 owners; anything longer is not an answer. */
const MAX_PATH = 40;
const MAX_BYTES = 64 * 1024;
const TIMEOUT_MS = 10_000;

const answerSchema = z.object({
  owner: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  cumulative: z.string().regex(/^\d{1,78}$/),
  path: z.array(z.string().regex(/^(0x)?[0-9a-fA-F]{64}$/)).max(MAX_PATH),
});

/** Why a mirror's answer was not used; closed. */
export const PROOF_FAULTS = ['unreachable', 'not_an_answer', 'other_owner', 'wrong_proof'] as const;
export type ProofFault = (typeof PROOF_FAULTS)[number];

export interface RefusedMirror {
  readonly mirror: string;
  readonly fault: ProofFault;
}

/** `absent`: every mirror that answered says that the owner has no leaf in this root, which none of them can prove. */
export type FoundProof =
  | {
      readonly kind: 'proof';
      readonly proof: OwnerProof;
      readonly mirror: string;
      readonly refused: readonly RefusedMirror[];
    }
  | { readonly kind: 'absent'; readonly refused: readonly RefusedMirror[] }
  | { readonly kind: 'failed'; readonly refused: readonly RefusedMirror[] };

/**
 * Asks mirrors, in order, for an owner's proof below a root that the caller read from the chain. What leads to that root is
 * true whoever served it; everything else is refused and the next mirror is asked.
 */
export async function fetchProof(
  mirrors: readonly string[],
  { epoch, root }: ClaimableRoot,
  owner: Address,
  fetchUrl: typeof fetch,
): Promise<FoundProof> {
  const refused: RefusedMirror[] = [];
  let absent = false;
  for (const mirror of mirrors) {
    const answer = await ask(mirror, epoch, owner, fetchUrl);
    if (answer === 'absent') {
      absent = true;
    } else if (typeof answer === 'string') {
      refused.push({ mirror, fault: answer });
    } else if (verifyOwnerProof(root, { owner: hexToBytes(owner), cumulative: answer.cumulative }, answer.path)) {
      return { kind: 'proof', proof: answer, mirror, refused };
    } else {
      refused.push({ mirror, fault: 'wrong_proof' });
    }
  }
  return { kind: absent ? 'absent' : 'failed', refused };
}

async function ask(
  mirror: string,
  epoch: number,
  owner: Address,
  fetchUrl: typeof fetch,
): Promise<OwnerProof | 'absent' | ProofFault> {
  const url = new URL(
    `api/v1/epochs/${epoch}/owners/${owner.toLowerCase()}`,
    mirror.endsWith('/') ? mirror : `${mirror}/`,
  );
  let text: string;
  try {
    const response = await fetchUrl(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
    if (response.status === 404) return 'absent';
    if (!response.ok) return 'unreachable';
    text = await readBounded(response);
  } catch {
    return 'unreachable';
  }
  return parseAnswer(text, epoch, owner);
}

/** Reads with a reader and not `for await`: browsers have no async iteration of bodies everywhere. */
async function readBounded(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let [text, size] = ['', 0];
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > MAX_BYTES) {
      await reader.cancel();
      throw new RangeError('the answer is too long');
    }
    text += decoder.decode(value, { stream: true });
  }
  return text;
}

function parseAnswer(text: string, epoch: number, owner: Address): OwnerProof | ProofFault {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'not_an_answer';
  }
  const answer = answerSchema.safeParse(value);
  if (!answer.success) return 'not_an_answer';
  if (answer.data.owner.toLowerCase() !== owner.toLowerCase()) return 'other_owner';
  const path = answer.data.path.map((sibling) =>
    hexToBytes(sibling.startsWith('0x') ? (sibling as Address) : `0x${sibling}`),
  );
  return { epoch, owner: getAddress(owner), cumulative: BigInt(answer.data.cumulative), path };
}
