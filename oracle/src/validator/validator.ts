import type { Clock } from '@sextant/firmware-bridge/clock';
import { fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import {
  decodeEnvelope,
  type Genesis,
  type ParticipantKind,
  type RoundCertificate,
  type UnixMs,
} from '@sextant/firmware-bridge/protocol';
import type { RandomSource } from '@sextant/firmware-bridge/random';
import type { Logger } from 'pino';
import { type EpochState, judgesPlaces, type KeyChanges, type RuleSet, readsRegistry } from '../core/index.ts';
import { type Announcer, createAnnouncer } from './announcer.ts';
import { createEpochMarker, type EpochMarker } from './epoch-marker.ts';
import { createGrantDesk, type GrantDesk } from './grant-desk.ts';
import type { ValidatorIdentity } from './identity.ts';
import { createInvitationCodes, INVITATION_LIFETIME_MS, type InvitationCodes } from './invitation-codes.ts';
import { createJoinDesk, type JoinDesk } from './join-desk.ts';
import type { LogWriter } from './log-writer.ts';
import { createMarkedLog, type MarkedLog } from './marked-log.ts';
import { createOwnRecords, type OwnRecords } from './own-records.ts';
import { createParticipants, type Participants } from './participants.ts';
import { createRecordSigner } from './record-signer.ts';
import { recoverValidator } from './recover-validator.ts';
import { createRegistryJournal, type RegistryJournal } from './registry-journal.ts';
import { createReviewDesk, type ReviewDesk } from './review-desk.ts';
import { createRoundCertifier, type RoundCertifier } from './round-certifier.ts';

export interface ValidatorOptions {
  readonly genesis: Genesis;
  readonly ruleSet: RuleSet;
  readonly origin: string;
  /** An archived state the log need not be read before; absent: it is read from its beginning. */
  readonly base?: EpochState;
  /** The newest archived state. */
  readonly newest?: EpochState;
  readonly surveyGrantEpochs: number;
}

export interface ValidatorModules<Appended> {
  readonly identity: ValidatorIdentity;
  readonly log: LogWriter<Appended> & {
    readonly size: number;
    entries(from: number, to: number): AsyncIterable<Uint8Array>;
  };
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
  /** To `round/current`, retained. */
  publishRound(bytes: Uint8Array): void;
  /** A round has its certificate. */
  onCertified(certificate: RoundCertificate): void;
}

/** What a validator writes into its own log: marks, certificates, cuts, the keys it lets in, its grants and reviews. */
export class Validator<Appended> {
  readonly participants: Participants;
  /** Everything that is appended goes through it, behind the marks that are due. */
  readonly log: MarkedLog<Appended>;
  readonly joinDesk: JoinDesk;
  readonly ownRecords: OwnRecords;
  readonly grantDesk: GrantDesk;
  /** Absent where the rule set knows no accusations. */
  readonly reviewDesk: ReviewDesk | undefined;
  /** Absent where the rule set reads no registry. */
  readonly registryJournal: RegistryJournal | undefined;
  readonly #modules: ValidatorModules<Appended>;
  readonly #codes: InvitationCodes;
  readonly #certifier: RoundCertifier;
  readonly #marker: EpochMarker;
  readonly #options: ValidatorOptions;
  readonly #standing: readonly RoundCertificate[];
  #announcer: Announcer | undefined;

  private constructor(
    options: ValidatorOptions,
    modules: ValidatorModules<Appended>,
    parts: {
      participants: Participants;
      ownRecords: OwnRecords;
      log: MarkedLog<Appended>;
      standing: readonly RoundCertificate[];
      marker: EpochMarker;
      registry: RegistryJournal | undefined;
    },
  ) {
    const { genesis, ruleSet } = options;
    const { networkId, timing } = genesis;
    const { identity, clock } = modules;
    this.#options = options;
    this.#modules = modules;
    this.participants = parts.participants;
    this.log = parts.log;
    this.#standing = parts.standing;
    this.#marker = parts.marker;
    this.registryJournal = parts.registry;
    const sign = createRecordSigner(networkId, identity.signer);
    this.#codes = createInvitationCodes(networkId, identity.invitationSecret);
    this.ownRecords = parts.ownRecords;
    const writing = { participants: this.participants, ownRecords: this.ownRecords, log: this.log, sign, clock };
    this.joinDesk = createJoinDesk(
      { networkId, timing, surveyGrantEpochs: options.surveyGrantEpochs },
      { ...writing, codes: this.#codes, verify: fastVerifySignature },
    );
    this.grantDesk = createGrantDesk({ timing }, writing);
    this.reviewDesk = judgesPlaces(ruleSet) ? createReviewDesk({ timing, numbers: ruleSet }, writing) : undefined;
    const latest = parts.standing.at(-1);
    this.#certifier = createRoundCertifier(
      { networkId, ruleSetId: ruleSet.id, timing, ...(latest ? { latest } : {}) },
      {
        log: this.log,
        signer: identity.signer,
        sign,
        entropy: { chain: identity.chain, firstRound: genesis.validators[0]?.firstRound ?? 0 },
        clock,
        onCertified: (certificate) => this.#certified(certificate),
        onFailed: (round, error) => modules.logger.error({ round, err: error }, 'the round could not be certified'),
      },
    );
  }

  /** Reads what the log says about this validator, and from then on marks its slots. */
  static async open<Appended>(
    options: ValidatorOptions,
    modules: ValidatorModules<Appended>,
  ): Promise<Validator<Appended>> {
    const { genesis, origin, base, newest } = options;
    const { networkId, timing } = genesis;
    const { identity, log: raw, clock, logger } = modules;
    const known = { participants: createParticipants(networkId), ownRecords: createOwnRecords() };
    const validator = identity.signer.publicKey;
    const recovered = await recoverValidator(raw, { origin, validator, base, newest }, known);
    const sign = createRecordSigner(networkId, identity.signer);
    const log = createMarkedLog<Appended>(
      { timing, lastClosedSlot: recovered.lastClosedSlot },
      { log: raw, sign, clock, onMarkLost: (error) => logger.error({ err: error }, 'a slot mark was not stored') },
    );
    const marker = createEpochMarker(
      { timing, lastMarkedEpoch: recovered.lastMarkedEpoch },
      {
        log,
        sign,
        clock,
        onMarkLost: (epoch, error) => logger.error({ epoch, err: error }, 'an epoch mark was not stored'),
      },
    );
    const registry = readsRegistry(options.ruleSet)
      ? createRegistryJournal(recovered.registry, { log, sign })
      : undefined;
    return new Validator(options, modules, { ...known, log, standing: recovered.certificates, marker, registry });
  }

  /** Announces, certifies and cuts from now on. */
  async start(): Promise<void> {
    const { genesis, ruleSet } = this.#options;
    const { networkId, timing } = genesis;
    const { identity, clock } = this.#modules;
    this.#announcer = createAnnouncer(
      { networkId, ruleSet: ruleSet.number, ruleSetId: ruleSet.id, timing },
      { signer: identity.signer, clock, publish: (bytes) => this.#modules.publishRound(bytes) },
    );
    for (const certificate of this.#standing) this.#announcer.certified(certificate);
    await this.#certifier.start();
    await this.#marker.start();
  }

  stop(): void {
    this.#announcer?.stop();
    this.#certifier.stop();
    this.#marker.stop();
    this.log.stop();
  }

  /** The newest certified round; −1 before the first. */
  certifiedRound(): number {
    return this.#certifier.latest()?.round ?? -1;
  }

  /** A code that makes one key known, once, within 30 days. */
  invite(participant: ParticipantKind): string {
    const expiresAtMs = (this.#modules.clock.now() + INVITATION_LIFETIME_MS) as UnixMs;
    return this.#codes.create({ participant, expiresAtMs }, this.#modules.random.bytes(8));
  }

  /** Learns of a key's successor from an entry of the log. */
  observe(entry: Uint8Array): void {
    const envelope = decodeEnvelope(entry);
    if (envelope.ok) this.participants.observe(envelope.value);
  }

  /** Learns from a closed epoch whose keys are whose. */
  learn(changes: KeyChanges): void {
    this.participants.learn(changes);
  }

  #certified(certificate: RoundCertificate): void {
    this.#announcer?.certified(certificate);
    this.#modules.onCertified(certificate);
  }
}
