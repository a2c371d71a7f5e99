import { bytesToHex } from 'viem';
import { claimManyCall } from '../../actions/claim-many.ts';
import { claimRewardsCall } from '../../actions/claim-rewards.ts';
import { listClaims } from '../../actions/list-claims.ts';
import type { Claimable } from '../../proofs/find-claimable.ts';
import type { OwnerProof } from '../../proofs/owner-proof.ts';
import { type ClaimContext, lookUp, ownerOf, submit, tokens } from './context.ts';

const NOTHING_TO_CLAIM = 3;
const FAILED = 1;

export async function claimableCommand(context: ClaimContext): Promise<number> {
  const owner = await ownerOf(context);
  return report(context, await lookUp(context, owner));
}

function report(context: ClaimContext, { owner, amount, claimed, proof, unknown }: Claimable): number {
  const facts = { owner, amount: String(amount), claimed: String(claimed), epoch: proof?.epoch ?? null };
  if (amount > 0n) {
    context.say(facts, `${owner} can claim ${tokens(amount)} (epoch ${proof?.epoch}); paid so far: ${tokens(claimed)}`);
    return 0;
  }
  if (unknown) {
    context.say({ ...facts, unknown }, `No mirror could prove anything about ${owner}. Give another --mirror.`);
    return FAILED;
  }
  context.say(facts, `${owner} has nothing to claim; paid so far: ${tokens(claimed)}`);
  return NOTHING_TO_CLAIM;
}

export async function claimCommand(context: ClaimContext): Promise<number> {
  const own = (await context.openWallet()).account.address;
  if (context.settings.all)
    return claimAll(context, context.settings.owners.length > 0 ? context.settings.owners : [own]);
  const claimable = await lookUp(context, context.settings.owners[0] ?? own);
  const { owner, amount, proof } = claimable;
  if (proof === undefined || amount === 0n) return report(context, claimable);
  const call = claimRewardsCall(context.deployment, proof);
  await submit(context, call, `Claimed ${tokens(amount)} for ${owner}.`, { owner, amount: String(amount) });
  return 0;
}

/** One transaction for all owners whose proof is of one epoch; most often there is one. */
async function claimAll(context: ClaimContext, owners: readonly `0x${string}`[]): Promise<number> {
  const byEpoch = new Map<number, { readonly proof: OwnerProof; readonly amount: bigint }[]>();
  let worst = NOTHING_TO_CLAIM;
  for (const owner of new Set(owners)) {
    const claimable = await lookUp(context, owner);
    const { proof, amount } = claimable;
    if (proof === undefined || amount === 0n) {
      worst = Math.min(worst, report(context, claimable));
    } else {
      byEpoch.set(proof.epoch, [...(byEpoch.get(proof.epoch) ?? []), { proof, amount }]);
    }
  }
  for (const [epoch, claims] of byEpoch) {
    const proofs = claims.map(({ proof }) => proof);
    const paid = claims.map(({ proof, amount }) => ({ owner: proof.owner, amount: String(amount) }));
    const each = claims.map(({ proof, amount }) => `\n  ${tokens(amount)} for ${proof.owner}`).join('');
    await submit(context, claimManyCall(context.deployment, proofs), `Claimed (epoch ${epoch}):${each}`, {
      epoch,
      paid,
    });
  }
  if (worst === FAILED) return FAILED;
  return byEpoch.size > 0 ? 0 : worst;
}

export async function historyCommand(context: ClaimContext): Promise<number> {
  const owner = await ownerOf(context);
  const claims = await listClaims(context.reader, context.deployment, owner);
  for (const { paid, cumulative, block, transaction } of claims) {
    const facts = { owner, paid: String(paid), cumulative: String(cumulative), block, transaction };
    context.say(facts, `block ${block}: ${tokens(paid)}, ${tokens(cumulative)} in all, ${transaction}`);
  }
  if (claims.length === 0) context.say({ owner, claims: 0 }, `${owner} has not been paid anything yet.`);
  return 0;
}

export async function proofCommand(context: ClaimContext): Promise<number> {
  const owner = await ownerOf(context);
  const claimable = await lookUp(context, owner);
  const { proof } = claimable;
  if (proof === undefined) return report(context, claimable);
  const facts = {
    epoch: proof.epoch,
    owner,
    cumulative: String(proof.cumulative),
    path: proof.path.map((sibling) => bytesToHex(sibling)),
  };
  context.say(facts, JSON.stringify(facts, undefined, 2));
  return 0;
}
