import { sha256 } from '@noble/hashes/sha2.js';
import {
  bytesToHex,
  compareBytes,
  findKeyFault,
  type Invitation,
  joinMessage,
  type VerifySignature,
} from '@sextant/firmware-bridge/protocol';
import type { ParticipantState } from '../state/epoch-state.ts';

interface PlacedInvitation {
  readonly invitation: Invitation;
  readonly lastClosedSlot: number;
  /** SHA-256 of the record. */
  readonly digest: Uint8Array;
}

/**
 * Who is a participant: the opening state and the epoch's invitations. An invitation holds for the whole epoch it stands
 * in. A key joins once and a code serves once: of two invitations the one before the earlier mark counts, between the same
 * marks the one whose record has the smaller hash.
 */
export class Invitations {
  readonly #networkId: string;
  readonly #verify: VerifySignature;
  readonly #standing = new Map<string, ParticipantState>();
  readonly #standingCodes = new Set<string>();
  readonly #invitations: PlacedInvitation[] = [];
  #joined: Map<string, ParticipantState> | undefined;

  constructor(networkId: string, participants: readonly ParticipantState[], verify: VerifySignature) {
    this.#networkId = networkId;
    this.#verify = verify;
    for (const participant of participants) {
      this.#standing.set(bytesToHex(participant.key), participant);
      if (participant.codeHash) this.#standingCodes.add(bytesToHex(participant.codeHash));
    }
  }

  /** A key that is not fit to sign, or that has not signed that it wants to join, is left out. */
  add(invitation: Invitation, lastClosedSlot: number, payload: Uint8Array): void {
    const { key, keySignature } = invitation;
    if (this.#standing.has(bytesToHex(key)) || findKeyFault(key) !== undefined) return;
    if (!this.#verify(keySignature, joinMessage(this.#networkId, invitation), key)) return;
    this.#invitations.push({ invitation, lastClosedSlot, digest: sha256(payload) });
    this.#joined = undefined;
  }

  find(key: Uint8Array): ParticipantState | undefined {
    const name = bytesToHex(key);
    return this.#standing.get(name) ?? this.#joinedNow().get(name);
  }

  /** Everybody, in no order. */
  *all(): Iterable<ParticipantState> {
    yield* this.#standing.values();
    yield* this.#joinedNow().values();
  }

  #joinedNow(): Map<string, ParticipantState> {
    if (this.#joined) return this.#joined;
    const joined = new Map<string, ParticipantState>();
    const codes = new Set(this.#standingCodes);
    this.#invitations.sort((a, b) => a.lastClosedSlot - b.lastClosedSlot || compareBytes(a.digest, b.digest));
    for (const { invitation } of this.#invitations) {
      const [name, code] = [bytesToHex(invitation.key), bytesToHex(invitation.codeHash)];
      if (joined.has(name) || codes.has(code)) continue;
      joined.set(name, newParticipant(invitation));
      codes.add(code);
    }
    this.#joined = joined;
    return joined;
  }
}

function newParticipant({ key, participant, owner, codeHash }: Invitation): ParticipantState {
  return {
    key: new Uint8Array(key),
    kind: participant,
    owner: new Uint8Array(owner),
    codeHash: new Uint8Array(codeHash),
    fromRound: 0,
    lastNumber: 0,
    statements: [],
    lastIndex: -1,
  };
}
