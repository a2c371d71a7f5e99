import type { AdmissionReason, ParticipantKind } from '@sextant/firmware-bridge/protocol';

/** What a receipt says about an entry: RFC 6962 inclusion under a signed checkpoint. */
export interface LogProof {
  readonly leafIndex: number;
  /** Audit path, leaf to root. */
  readonly proof: readonly Uint8Array[];
  /** C2SP signed note, UTF-8. */
  readonly checkpoint: Uint8Array;
}

/** Where admitted batches go. */
export interface LogAppender {
  /**
   * Queues one entry; entries stand in the log in the order of these calls, behind every mark that is due, and each
   * promise resolves once its entry is fsynced under a signed checkpoint. A rejection means that the entry is not in
   * the log and never will be.
   */
  append(entry: Uint8Array): Promise<LogProof>;
}

/** What the intake reads from the log. */
export interface LogLookup {
  /** Number of durable entries. */
  readonly size: number;
  /** Proof of an entry that is already there. */
  prove(leafIndex: number): Promise<LogProof>;
  /** Durable entries [from, to) in order. */
  entries(from: number, to: number): AsyncIterable<Uint8Array>;
}

/** Which keys may take part: from invitations in the log or from a registry. */
export interface KnownKeys {
  /** What a key is known as, or undefined for a stranger. */
  find(publicKey: Uint8Array): { readonly kind: ParticipantKind } | undefined;
}

/** How the rest of the oracle reaches participants; the same for the embedded and an external broker. */
export interface OracleBus {
  /** To one participant, on `verdict/<id>`. It is lost when that participant is away: the API has it too. */
  publishVerdict(participantId: string, bytes: Uint8Array): void;
  /** The signed round announcement, retained. */
  publishRound(bytes: Uint8Array): void;
  /** The signed epoch summary, retained. */
  publishEpoch(bytes: Uint8Array): void;
}

/** How a message ended: with a receipt or with the refusal that was sent. */
export type Outcome = 'receipted' | AdmissionReason;

/** Where a broker hands over what arrived on `report/<id>`. `done` comes once, when it is fsynced or refused. */
export interface ReportEntrance {
  submit(participantId: string, bytes: Uint8Array, done: (outcome: Outcome) => void): void;
}

/** Where the intake's answers leave: a ReceiptMessage on `receipt/<id>`. */
export interface AnswerChannel {
  send(participantId: string, receiptMessage: Uint8Array): void;
}
