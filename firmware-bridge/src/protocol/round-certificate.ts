import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, compareBytes, equalBytes, uint64BigEndian } from './bytes.ts';
import { DOMAINS, domainMessage } from './domain.ts';
import type { VerifySignature } from './ed25519.ts';
import { linkLeadsTo } from './hash-chain.ts';
import type { RoundCertificate, ValidatorEntry } from './records.ts';

/** SHA-256("sextant/v1/entropy" ‖ 0x00 ‖ networkId ‖ round ‖ links in the order of their validators' keys). */
export function roundEntropy(networkId: string, round: number, reveals: RoundCertificate['reveals']): Uint8Array {
  return sha256(
    domainMessage(DOMAINS.entropy, networkId, uint64BigEndian(round), ...reveals.map((reveal) => reveal.chainLink)),
  );
}

/** What each validator signs of a certificate. */
export function certificateMessage(
  networkId: string,
  certificate: Pick<RoundCertificate, 'round' | 'ruleSetId' | 'entropy'>,
): Uint8Array {
  const { round, ruleSetId, entropy } = certificate;
  return domainMessage(DOMAINS.round, networkId, uint64BigEndian(round), ruleSetId, entropy);
}

/** Largest number of faulty validators that n tolerate: ⌊(n − 1) / 3⌋. */
export function toleratedFaults(validators: number): number {
  return Math.floor((validators - 1) / 3);
}

/** M, the smallest number with M > (n + f) / 2 and M > 2n / 3: 1 of 1, 3 of 4, 5 of 7. */
export function quorumOf(validators: number): number {
  const faults = toleratedFaults(validators);
  return Math.max(Math.floor((validators + faults) / 2) + 1, Math.floor((2 * validators) / 3) + 1);
}

export const CERTIFICATE_FAULTS = [
  'too_few_reveals',
  'unknown_validator',
  'not_sorted',
  'chain_link_mismatch',
  'entropy_mismatch',
  'too_few_signatures',
  'bad_signature',
] as const;
export type CertificateFault = (typeof CERTIFICATE_FAULTS)[number];

/**
 * Checks a round certificate against the validator set: at least f + 1 reveals that open their validators' chains, the
 * entropy they give, and M signatures. Returns the first fault, or undefined when the certificate is good.
 */
export function findCertificateFault(
  networkId: string,
  certificate: RoundCertificate,
  validators: readonly ValidatorEntry[],
  verify: VerifySignature,
): CertificateFault | undefined {
  const byKey = new Map(validators.map((entry) => [bytesToHex(entry.logKey), entry]));
  const { reveals, signatures } = certificate;
  if (reveals.length < toleratedFaults(validators.length) + 1) return 'too_few_reveals';
  if (!isSortedByValidator(reveals) || !isSortedByValidator(signatures)) return 'not_sorted';
  for (const reveal of reveals) {
    const entry = byKey.get(bytesToHex(reveal.validator));
    if (!entry) return 'unknown_validator';
    const steps = certificate.round - entry.firstRound + 1;
    if (!linkLeadsTo(reveal.chainLink, steps, entry.chainAnchor)) return 'chain_link_mismatch';
  }
  if (!equalBytes(roundEntropy(networkId, certificate.round, reveals), certificate.entropy)) return 'entropy_mismatch';
  if (signatures.length < quorumOf(validators.length)) return 'too_few_signatures';
  const message = certificateMessage(networkId, certificate);
  for (const { validator, signature } of signatures) {
    if (!byKey.has(bytesToHex(validator))) return 'unknown_validator';
    if (!verify(signature, message, validator)) return 'bad_signature';
  }
  return undefined;
}

function isSortedByValidator(items: readonly { readonly validator: Uint8Array }[]): boolean {
  return items.every(
    (item, i) => i === 0 || compareBytes((items[i - 1] as { validator: Uint8Array }).validator, item.validator) < 0,
  );
}
