import { bytesToHex, equalBytes } from '@sextant/firmware-bridge/protocol';
import type { ParticipantState } from '../epoch/state/epoch-state.ts';
import type { PlacedEvent } from './placed-event.ts';
import type { AgreedReading } from './registry-readings.ts';
import type { HoldingState, PayoutState, RegistryReference, RegistryState } from './registry-state.ts';

type EventOf<E extends PlacedEvent['event']> = Extract<PlacedEvent, { event: E }>;

/** A registration with the registry it was made in. */
export type PlacedRegistration = EventOf<'registered'> & Pick<RegistryReference, 'chainId' | 'registry'>;

export interface RegistryFoldModules {
  /** Who is known by the opening state or an invitation. */
  find(key: Uint8Array): ParticipantState | undefined;
  /** The key is fit to sign, and has signed that the owner may register it. */
  isPossessed(registration: PlacedRegistration): boolean;
}

/** What the registry says at the epoch's reference block. Participants by the hex of their keys. */
export interface FoldedRegistry {
  /** That of the opening state when nothing newer was agreed on. */
  readonly reference?: RegistryReference;
  readonly holdings: ReadonlyMap<string, HoldingState>;
  /** Of those whose owner has changed. */
  readonly owners: ReadonlyMap<string, Uint8Array>;
  /** Known by their deposit, and by nothing else before. */
  readonly joined: ReadonlyMap<string, ParticipantState>;
  /** By the hex of the owner. */
  readonly payouts: ReadonlyMap<string, PayoutState>;
}

/**
 * Goes through the events in the order of the chain. The first registration of a key with a good proof makes its owner; of a
 * key that is known already only its owner's counts, so that whoever steals a hotspot cannot register it for himself. From
 * there on what that owner does counts: transfer, freeze, release. What anybody else does with rows of his own is nothing.
 */
export function foldRegistry(
  opening: RegistryState,
  agreed: AgreedReading | undefined,
  modules: RegistryFoldModules,
): FoldedRegistry {
  const fold = new RegistryFold(opening, modules);
  for (const event of agreed?.events ?? []) fold.apply(event, agreed?.reference as RegistryReference);
  const reference = agreed?.reference ?? opening.reference;
  return { ...fold.result(), ...(reference ? { reference } : {}) };
}

class RegistryFold {
  readonly #modules: RegistryFoldModules;
  readonly #holdings: Map<string, HoldingState>;
  /** Hex of the key the registry has it under → hex of the participant's key. */
  readonly #byRegisteredKey: Map<string, string>;
  readonly #owners = new Map<string, Uint8Array>();
  readonly #joined = new Map<string, ParticipantState>();
  readonly #payouts: Map<string, PayoutState>;

  constructor({ holdings, payouts }: RegistryState, modules: RegistryFoldModules) {
    this.#modules = modules;
    this.#holdings = new Map(holdings.map((holding) => [bytesToHex(holding.key), holding]));
    this.#byRegisteredKey = new Map(
      holdings.map(({ key, registeredKey }) => [bytesToHex(registeredKey), bytesToHex(key)]),
    );
    this.#payouts = new Map(payouts.map((payout) => [bytesToHex(payout.owner), payout]));
  }

  result(): Omit<FoldedRegistry, 'reference'> {
    return { holdings: this.#holdings, owners: this.#owners, joined: this.#joined, payouts: this.#payouts };
  }

  apply(event: PlacedEvent, { chainId, registry }: RegistryReference): void {
    switch (event.event) {
      case 'registered':
        this.#register({ ...event, chainId, registry });
        return;
      case 'payout_changed': {
        const { owner, payout, block, logIndex } = event;
        this.#payouts.set(bytesToHex(owner), { owner, payout, block, logIndex });
        return;
      }
      case 'transferred':
      case 'frozen':
      case 'released':
        this.#change(event);
        return;
    }
  }

  #register(registration: PlacedRegistration): void {
    const { key, owner } = registration;
    const name = bytesToHex(key);
    if (this.#byRegisteredKey.has(name)) return;
    const participant = this.#modules.find(key) ?? this.#joined.get(name);
    if (participant && !this.#mayRegister(participant, owner)) return;
    if (!this.#modules.isPossessed(registration)) return;
    const replaced = this.#holdings.get(name);
    if (replaced) this.#byRegisteredKey.delete(bytesToHex(replaced.registeredKey));
    this.#holdings.set(name, { key, registeredKey: key, frozen: false });
    this.#byRegisteredKey.set(name, name);
    if (participant) this.#owners.set(name, owner);
    else this.#joined.set(name, joinedBy(registration));
  }

  /** Of a key that nobody holds and that nothing but a deposit made known, anybody may be the next owner. */
  #mayRegister(participant: ParticipantState, owner: Uint8Array): boolean {
    if (participant.successor) return false;
    const isFree = participant.byDeposit === true && !this.#holdings.has(bytesToHex(participant.key));
    return isFree || equalBytes(this.#ownerOf(participant), owner);
  }

  #change(event: EventOf<'transferred' | 'frozen' | 'released'>): void {
    const name = this.#byRegisteredKey.get(bytesToHex(event.key));
    const holding = name === undefined ? undefined : this.#holdings.get(name);
    const participant = holding && (this.#modules.find(holding.key) ?? this.#joined.get(name ?? ''));
    if (name === undefined || !holding || !participant) return;
    const owner = event.event === 'transferred' ? event.from : event.owner;
    if (!equalBytes(this.#ownerOf(participant), owner)) return;
    if (event.event === 'transferred') {
      this.#owners.set(name, event.to);
    } else if (event.event === 'frozen') {
      this.#holdings.set(name, { ...holding, frozen: event.frozen });
    } else {
      this.#holdings.delete(name);
      this.#byRegisteredKey.delete(bytesToHex(event.key));
    }
  }

  #ownerOf({ key, owner }: ParticipantState): Uint8Array {
    return this.#owners.get(bytesToHex(key)) ?? owner;
  }
}

function joinedBy({ key, owner }: PlacedRegistration): ParticipantState {
  return {
    key,
    kind: 'hotspot',
    owner,
    byDeposit: true,
    fromRound: 0,
    lastNumber: 0,
    statements: [],
    lastIndex: -1,
  };
}
