import {
  chainlessDomain,
  hexToBytes,
  publicKeyOf,
  type Reason,
  signMessage,
  successorMessage,
} from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import type { SuccessorContext } from './context.ts';
import { judgeSuccessor } from './judge-successor.ts';
import { anchorContext, NETWORK_ID, SENDER } from './samples/honest-contexts.ts';
import { OUTCOME_OF_REASON } from './verdict-of.ts';

/** Signed with viem 2.57.20: network "test" without a chain, the key of 32 × 01 to that of the seed 32 × 07. */
const OWNER = hexToBytes('f39fd6e51aad88f6f4ce6ab8827279cfffb92266');
const OWNER_SIGNATURE = hexToBytes(
  '4da91cf61cfeca3be50a305465c994c703c439e95b18de69310e73e3d087e49b2f615dd77bf0f1d179d2bb389c40e80e9caf97fc6489d300efc76c17d9d711161b',
);
const SEED = new Uint8Array(32).fill(7);

function successorContext(): SuccessorContext {
  const { numberConflict: _, report: __, ...recorded } = anchorContext();
  const newKey = publicKeyOf(SEED);
  const message = successorMessage({ networkId: NETWORK_ID, oldKey: SENDER, newKey });
  return {
    ...recorded,
    participant: { kind: 'hotspot', owner: OWNER },
    networkId: NETWORK_ID,
    signingDomain: chainlessDomain(NETWORK_ID),
    newKeyKnown: false,
    report: {
      kind: 'successor',
      newKey,
      ownerSignature: OWNER_SIGNATURE,
      newKeySignature: signMessage(message, SEED),
    },
  };
}

const honest = successorContext();
const stating = (change: Partial<typeof honest.report>) => ({ ...honest, report: { ...honest.report, ...change } });
const { participant: _, ...ofNobody } = honest;

const SPOILED: [string, Reason, SuccessorContext][] = [
  ['known_key', 'unknown_key', ofNobody],
  ['batch_name', 'batch_name_conflict', { ...honest, batchNameConflict: true }],
  ['new_key', 'key_not_allowed', { ...honest, newKeyKnown: true }],
  ['new_key', 'key_not_allowed', stating({ newKey: SENDER })],
  ['new_key', 'key_not_allowed', stating({ newKey: new Uint8Array(32) })],
  ['new_key', 'key_not_allowed', stating({ newKeySignature: new Uint8Array(64) })],
  ['owner_signature', 'owner_signature', stating({ ownerSignature: new Uint8Array(65) })],
  ['owner_signature', 'owner_signature', { ...honest, signingDomain: { ...honest.signingDomain, chainId: 1n } }],
  ['owner_signature', 'owner_signature', { ...honest, participant: { kind: 'hotspot', owner: new Uint8Array(20) } }],
];

describe('judging a successor', () => {
  it('accepts what the owner’s wallet and the new key have signed', () => {
    expect(judgeSuccessor(honest)).toMatchObject({ subject: 'other', outcome: 'valid', reason: 'none' });
  });

  it.each(SPOILED)('%s refuses with %s', (check, reason, context) => {
    const verdict = judgeSuccessor(context);
    expect(verdict.reason).toBe(reason);
    expect(verdict.outcome).toBe(OUTCOME_OF_REASON[reason as Exclude<Reason, 'none'>]);
    expect(verdict.checks.at(-1)?.check).toBe(check);
  });

  it('has a case here for every check it makes', () => {
    const made = judgeSuccessor(honest).checks.map(({ check }) => check);
    expect(new Set(SPOILED.map(([check]) => check))).toEqual(new Set(made));
  });
});
