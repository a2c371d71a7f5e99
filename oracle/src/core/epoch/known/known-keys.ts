import { registrationMessage } from '@sextant/contracts-client/encoding';
import { bytesToHex, equalBytes, findKeyFault } from '@sextant/firmware-bridge/protocol';
import { type FoldedRegistry, foldRegistry, type PlacedRegistration } from '../../registry/fold-registry.ts';
import { payeeOf } from '../../registry/next-registry.ts';
import type { RegistryReadings } from '../../registry/registry-readings.ts';
import type { EpochContext } from '../epoch-context.ts';
import type { ParticipantState } from '../state/epoch-state.ts';
import type { Invitations } from './invitations.ts';

/**
 * Who is a participant, and whose: by the opening state, the epoch's invitations, and the registry as of the epoch's reference
 * block. One owner a key and epoch, for everything that asks for one. Everything is worked out when it is asked for.
 */
export class KnownKeys {
  readonly #context: EpochContext;
  readonly #invitations: Invitations;
  readonly #readings: RegistryReadings;
  /** By the event's text: a signature is checked once. */
  readonly #possessed = new Map<string, boolean>();
  /** Hex of the keys that stood in the registry when the epoch began. */
  readonly #heldBefore: ReadonlySet<string>;
  #folded: FoldedRegistry | undefined;

  constructor(context: EpochContext, invitations: Invitations, readings: RegistryReadings) {
    this.#context = context;
    this.#invitations = invitations;
    this.#readings = readings;
    this.#heldBefore = new Set(context.state.registry.holdings.map(({ key }) => bytesToHex(key)));
  }

  /** An invitation or a registry record has come. */
  forget(): void {
    this.#folded = undefined;
  }

  registry(): FoldedRegistry {
    this.#folded ??= foldRegistry(this.#context.state.registry, this.#readings.agreed(), {
      find: (key) => this.#invitations.find(key),
      isPossessed: (registration) => this.#isPossessed(registration),
    });
    return this.#folded;
  }

  /** With its owner in this epoch. A key whose deposit leaves in this epoch is known to its end. */
  find(key: Uint8Array): ParticipantState | undefined {
    const participant = this.#invitations.find(key) ?? this.registry().joined.get(bytesToHex(key));
    if (!participant || this.#isGone(participant)) return undefined;
    return this.#owned(participant);
  }

  /** As the opening state names it, whatever the registry has said since; of a new key as its invitation does. */
  openingOwnerOf(key: Uint8Array): Uint8Array | undefined {
    return this.#invitations.find(key)?.owner;
  }

  /** Everybody, in no order. */
  *all(): Iterable<ParticipantState> {
    for (const known of [this.#invitations.all(), this.registry().joined.values()]) {
      for (const participant of known) if (!this.#isGone(participant)) yield this.#owned(participant);
    }
  }

  /** It is known in the next epoch too. */
  stays({ key, byDeposit, successor }: ParticipantState): boolean {
    return byDeposit !== true || successor !== undefined || this.registry().holdings.has(bytesToHex(key));
  }

  /** Neither frozen nor without the deposit that made it known. */
  mayEarn(participant: ParticipantState): boolean {
    const heir = this.#newestOf(participant);
    const holding = heir && this.registry().holdings.get(bytesToHex(heir.key));
    return holding ? !holding.frozen : participant.byDeposit !== true;
  }

  /** Address that is paid for what this one owns. */
  payeeOf(owner: Uint8Array): Uint8Array {
    return payeeOf(this.registry().payouts, owner);
  }

  /** Registered and released between two reference blocks. */
  #isGone(participant: ParticipantState): boolean {
    return !this.stays(participant) && !this.#heldBefore.has(bytesToHex(participant.key));
  }

  /** A key that has handed over in an earlier epoch is the newest one's. */
  #newestOf(participant: ParticipantState): ParticipantState | undefined {
    let newest: ParticipantState | undefined = participant;
    while (newest?.successor) newest = this.#invitations.find(newest.successor.key);
    return newest;
  }

  #owned(participant: ParticipantState): ParticipantState {
    const heir = this.#newestOf(participant);
    if (!heir) return participant;
    const owner = this.registry().owners.get(bytesToHex(heir.key)) ?? heir.owner;
    return equalBytes(owner, participant.owner) ? participant : { ...participant, owner };
  }

  #isPossessed({ text, key, owner, possession, chainId, registry }: PlacedRegistration): boolean {
    const known = this.#possessed.get(text);
    if (known !== undefined) return known;
    const message = registrationMessage({ chainId, registry, hotspotKey: key, owner });
    const possessed = findKeyFault(key) === undefined && this.#context.verify(possession, message, key);
    this.#possessed.set(text, possessed);
    return possessed;
  }
}
