import {
  bytesToHex,
  decodeEnvelope,
  decodeValidatorRecord,
  envelopeMessage,
  equalBytes,
  type Genesis,
  type Timing,
  type VerifySignature,
} from '@sextant/firmware-bridge/protocol';
import { type RuleSet, ruleSetFor } from '../core/ruleset/index.ts';
import type { ValidatorIdentity } from './identity.ts';

export interface NewNetwork {
  readonly networkId: string;
  readonly ruleSet: number;
  readonly timing: Timing;
  /** EVM address the validator's rewards go to, 20 bytes. */
  readonly owner: Uint8Array;
}

/** The first record of a network with one validator. Throws RangeError for a rule set this program does not have. */
export function createGenesis(network: NewNetwork, identity: ValidatorIdentity): Genesis {
  const { networkId, ruleSet, timing, owner } = network;
  const rules = ruleSetFor(ruleSet, timing);
  if (!rules) throw new RangeError(`there is no rule set ${ruleSet}`);
  return {
    kind: 'genesis',
    networkId,
    ruleSet,
    ruleSetId: rules.id,
    timing,
    validators: [{ logKey: identity.signer.publicKey, chainAnchor: identity.chain.anchor, firstRound: 0, owner }],
  };
}

/** The log's first entry does not fit this program or its keys; the message says what to do. */
class GenesisError extends Error {
  override readonly name = 'GenesisError';
}

/** Reads and checks the first entry of a log. Throws GenesisError. */
export function readGenesis(entry: Uint8Array, verify: VerifySignature): { genesis: Genesis; ruleSet: RuleSet } {
  const envelope = decodeEnvelope(entry);
  const record = envelope.ok ? decodeValidatorRecord(envelope.value.payload) : envelope;
  if (!envelope.ok || !record.ok || record.value.kind !== 'genesis') {
    throw new GenesisError('The first entry of the log is no genesis record: this folder holds another program’s log.');
  }
  const genesis = record.value;
  const { payload, signature, signer } = envelope.value;
  if (!verify(signature, envelopeMessage(genesis.networkId, 'validator_record', payload), signer)) {
    throw new GenesisError(
      'The signature of the genesis record is wrong: the log was changed. Restore it from a copy.',
    );
  }
  const ruleSet = ruleSetFor(genesis.ruleSet, genesis.timing);
  if (!ruleSet || !equalBytes(ruleSet.id, genesis.ruleSetId)) {
    throw new GenesisError(
      `This version does not know rule set ${genesis.ruleSet} (${bytesToHex(genesis.ruleSetId).slice(0, 16)}…) of network ` +
        `${genesis.networkId}. Run the version of Sextant that the network uses.`,
    );
  }
  return { genesis, ruleSet };
}
