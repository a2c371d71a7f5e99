import { chainlessDomain, hexToBytes, type Reason } from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import type { StandingAccusation } from '../location/evidence.ts';
import { TRUST_NUMBERS } from '../trust/samples/trust-numbers.ts';
import type { AppealContext } from './context.ts';
import { isAppealOfOwner, judgeAppeal } from './judge-appeal.ts';
import { anchorContext, NETWORK_ID } from './samples/honest-contexts.ts';
import { OUTCOME_OF_REASON } from './verdict-of.ts';

/** Signed with viem 2.57.20 for the network "test" without a chain, the key of 32 × 01, epoch 19 and no statement. */
const OWNER = hexToBytes('f39fd6e51aad88f6f4ce6ab8827279cfffb92266');
const OWNER_SIGNATURE = hexToBytes(
  'e6fef27f075d97f081f27fcf2054a3cd8d467c43aa170c9fcd49f43f50146e1b12d73bc120e2b0dd7c80a7f3c40323ea3f2b37a06af4bed76a2a78c0ff32740b1b',
);

const accusation: StandingAccusation = { code: 'unheard_cluster', epoch: 20, epochs: 3, checks: [] };

type Facts = Omit<AppealContext, 'isOwners'>;
const judged = (facts: Facts, owner = OWNER) =>
  judgeAppeal({ ...facts, isOwners: () => isAppealOfOwner(facts, owner) });

function appealContext(): Facts {
  const { numberConflict: _, report: __, ...recorded } = anchorContext();
  return {
    ...recorded,
    participant: { kind: 'hotspot', owner: OWNER },
    networkId: NETWORK_ID,
    signingDomain: chainlessDomain(NETWORK_ID),
    report: { kind: 'appeal', accusation: 'unheard_cluster', epoch: 19, ownerSignature: OWNER_SIGNATURE },
    accusations: [accusation],
    numbers: TRUST_NUMBERS,
  };
}

const honest = appealContext();
const stating = (change: Partial<typeof honest.report>) => ({ ...honest, report: { ...honest.report, ...change } });
const { participant: _, ...ofNobody } = honest;
const appealed = (more: Partial<NonNullable<StandingAccusation['appeal']>>): Facts => ({
  ...honest,
  accusations: [{ ...accusation, appeal: { epoch: 20, reviews: [], ...more } }],
});

const SPOILED: [string, Reason, Facts][] = [
  ['known_key', 'unknown_key', ofNobody],
  ['batch_name', 'batch_name_conflict', { ...honest, batchNameConflict: true }],
  ['standing_accusation', 'no_such_accusation', { ...honest, accusations: [] }],
  ['standing_accusation', 'no_such_accusation', { ...honest, accusations: [{ ...accusation, epochs: 2 }] }],
  ['standing_accusation', 'no_such_accusation', stating({ accusation: 'location_refuted' })],
  ['standing_accusation', 'no_such_accusation', stating({ epoch: 21 })],
  ['standing_accusation', 'no_such_accusation', stating({ epoch: 12 })],
  ['no_open_appeal', 'appeal_open', appealed({})],
  ['not_reviewed', 'already_reviewed', appealed({ ruling: { ruling: 'upheld', epoch: 20 } })],
  ['owner_signature', 'owner_signature', stating({ ownerSignature: new Uint8Array(65) })],
  ['owner_signature', 'owner_signature', stating({ epoch: 20 })],
  ['owner_signature', 'owner_signature', stating({ statementHash: new Uint8Array(32).fill(1) })],
  ['owner_signature', 'owner_signature', { ...honest, networkId: 'other' }],
];

describe('judging an appeal', () => {
  it('accepts what the owner’s wallet has signed', () => {
    expect(judged(honest)).toMatchObject({ subject: 'other', outcome: 'valid', reason: 'none' });
  });

  it.each(SPOILED)('%s refuses with %s', (check, reason, context) => {
    const verdict = judged(context);
    expect(verdict.reason).toBe(reason);
    expect(verdict.outcome).toBe(OUTCOME_OF_REASON[reason as Exclude<Reason, 'none'>]);
    expect(verdict.checks.at(-1)?.check).toBe(check);
  });

  it('refuses what another wallet than the owner’s has signed', () => {
    expect(judged(honest, new Uint8Array(20)).reason).toBe('owner_signature');
  });

  it('has a case here for every check it makes', () => {
    const made = judged(honest).checks.map(({ check }) => check);
    expect(new Set(SPOILED.map(([check]) => check))).toEqual(new Set(made));
  });
});
