import {
  bytesToHex,
  equalBytes,
  findCertificateFault,
  firstSlotOfRound,
  type RoundCertificate,
  type VerifySignature,
} from '@sextant/firmware-bridge/protocol';
import type { Network, Sighting, StandingCertificate } from '../state/epoch-state.ts';
import { agreedSlot } from './sightings.ts';

/** A round whose certificate counts. */
export interface CertifiedRound {
  readonly entropy: Uint8Array;
  /** Validators whose signatures its copies bear, ascending places in the set. */
  readonly signers: readonly number[];
}

interface Candidate {
  readonly round: number;
  readonly entropy: Uint8Array;
  readonly signers: Set<number>;
  /** Earliest place by keeper. */
  readonly slots: Map<number, number>;
}

/** The round certificates the logs hold, and which of them count. */
export class Certificates {
  readonly #network: Network;
  readonly #verify: VerifySignature;
  readonly #byRound = new Map<number, Map<string, Candidate>>();

  constructor(network: Network, standing: readonly StandingCertificate[], verify: VerifySignature) {
    this.#network = network;
    this.#verify = verify;
    for (const certificate of standing) {
      const candidate = this.#candidateOf(certificate.round, certificate.entropy);
      for (const signer of certificate.signers) candidate.signers.add(signer);
      for (const { validator, lastClosedSlot } of certificate.sightings) candidate.slots.set(validator, lastClosedSlot);
    }
  }

  /** A certificate that is not good, or comes too late to count in this log, is left out. */
  add(certificate: RoundCertificate, keeper: number, lastClosedSlot: number): void {
    const { networkId, ruleSetId, validators } = this.#network;
    if (lastClosedSlot >= this.#deadlineOf(certificate.round)) return;
    if (!equalBytes(certificate.ruleSetId, ruleSetId)) return;
    if (findCertificateFault(networkId, certificate, validators, this.#verify) !== undefined) return;
    const candidate = this.#candidateOf(certificate.round, certificate.entropy);
    for (const { validator } of certificate.signatures) {
      candidate.signers.add(validators.findIndex((entry) => equalBytes(entry.logKey, validator)));
    }
    const known = candidate.slots.get(keeper);
    candidate.slots.set(keeper, Math.min(known ?? lastClosedSlot, lastClosedSlot));
  }

  /** The slot whose mark it must precede: the last one before the round. Round 0 has none and takes its own first. */
  #deadlineOf(round: number): number {
    return Math.max(firstSlotOfRound(this.#network.timing, round) - 1, 0);
  }

  #candidateOf(round: number, entropy: Uint8Array): Candidate {
    const ofRound = this.#byRound.get(round) ?? new Map<string, Candidate>();
    this.#byRound.set(round, ofRound);
    const name = bytesToHex(entropy);
    const known = ofRound.get(name);
    if (known) return known;
    const candidate = { round, entropy: new Uint8Array(entropy), signers: new Set<number>(), slots: new Map() };
    ofRound.set(name, candidate);
    return candidate;
  }

  /**
   * The round's certificate: the one that stands before the earliest mark in f + 1 logs. Absent, and the round void, when
   * there is none, or when two different ones stand between the same marks.
   */
  find(round: number): CertifiedRound | undefined {
    const timely = [...(this.#byRound.get(round)?.values() ?? [])]
      .map((candidate) => ({ candidate, slot: agreedSlot(sightingsOf(candidate), this.#network.validators.length) }))
      .filter(({ slot }) => slot < this.#deadlineOf(round))
      .sort((a, b) => a.slot - b.slot);
    const [first, second] = timely;
    if (!first || first.slot === second?.slot) return undefined;
    return { entropy: first.candidate.entropy, signers: signersOf(first.candidate) };
  }

  /** What is known for rounds from `round` on. */
  standing(round: number): StandingCertificate[] {
    return [...this.#byRound.values()]
      .flatMap((ofRound) => [...ofRound.values()])
      .filter((candidate) => candidate.round >= round)
      .map((candidate) => ({
        round: candidate.round,
        entropy: candidate.entropy,
        signers: signersOf(candidate),
        sightings: sightingsOf(candidate),
      }));
  }
}

function signersOf(candidate: Candidate): number[] {
  return [...candidate.signers].sort((a, b) => a - b);
}

function sightingsOf(candidate: Candidate): Sighting[] {
  return [...candidate.slots]
    .sort(([a], [b]) => a - b)
    .map(([validator, lastClosedSlot]) => ({ validator, lastClosedSlot }));
}
