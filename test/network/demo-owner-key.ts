import { createHash } from 'node:crypto';
import { chainAccountOf } from '@sextant/oracle/chain-account';

/**
 * Private key of an owner in the simulated city, from the EUI of his gateway: known to everybody, so that anybody can try what
 * an owner can do, and worth nothing but on a chain of one's own.
 */
export const ownerKeyOf = (eui: string): Uint8Array =>
  new Uint8Array(createHash('sha256').update(`owner of ${eui}`).digest());

/** EVM address, 20 bytes. */
export const ownerOf = (eui: string): Uint8Array => chainAccountOf(ownerKeyOf(eui));

/** Whose the rewards of a demo's validator are. */
export const VALIDATORS_OWNER = 'the validator';
