import type { Address } from 'viem';
import type { ClaimableRoot } from '../actions/list-claimable-roots.ts';
import { bytesOfHex } from '../encoding/hex.ts';
import { verifyOwnerProof } from '../encoding/owner-tree.ts';
import type { OwnerProof } from './owner-proof.ts';

/** A tree of 2^40 owners; anything longer is not an answer. */
const MAX_PATH = 40;
const MAX_BYTES = 64 * 1024;
const TIMEOUT_MS = 10_000;

const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const AMOUNT = /^\d{1,78}$/;
const HASH = /^(0x)?[0-9a-fA-F]{64}$/;

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
  root: ClaimableRoot,
  owner: Address,
  fetchUrl: typeof fetch,
): Promise<FoundProof> {
  const refused: RefusedMirror[] = [];
  let absent = false;
  for (const mirror of mirrors) {
    const answer = await ask(mirror, root, owner, fetchUrl);
    if (answer === 'absent') absent = true;
    else if (typeof answer === 'string') refused.push({ mirror, fault: answer });
    else return { kind: 'proof', proof: answer, mirror, refused };
  }
  return { kind: absent ? 'absent' : 'failed', refused };
}

async function ask(
  mirror: string,
  root: ClaimableRoot,
  owner: Address,
  fetchUrl: typeof fetch,
): Promise<OwnerProof | 'absent' | ProofFault> {
  const url = new URL(
    `api/v1/epochs/${root.epoch}/owners/${owner.toLowerCase()}`,
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
  return readProof(text, root, owner);
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

/**
 * The proof in an answer of `GET /api/v1/epochs/{n}/owners/{address}`, wherever it is from, or why it is not one for this owner
 * below this root.
 */
export function readProof(text: string, { epoch, root }: ClaimableRoot, owner: Address): OwnerProof | ProofFault {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'not_an_answer';
  }
  if (!isAnswer(value)) return 'not_an_answer';
  if (value.owner.toLowerCase() !== owner.toLowerCase()) return 'other_owner';
  const cumulative = BigInt(value.cumulative);
  const path = value.path.map(bytesOfHex);
  const fits = cumulative < 2n ** 256n && verifyOwnerProof(root, { owner: bytesOfHex(owner), cumulative }, path);
  return fits ? { epoch, owner, cumulative, path } : 'wrong_proof';
}

interface Answer {
  readonly owner: string;
  readonly cumulative: string;
  readonly path: readonly string[];
}

function isAnswer(value: unknown): value is Answer {
  if (typeof value !== 'object' || value === null) return false;
  const { owner, cumulative, path } = value as Partial<Record<keyof Answer, unknown>>;
  const isText = (text: unknown, form: RegExp): boolean => typeof text === 'string' && form.test(text);
  const isPath = Array.isArray(path) && path.length <= MAX_PATH && path.every((sibling) => isText(sibling, HASH));
  return isPath && isText(owner, ADDRESS) && isText(cumulative, AMOUNT);
}
