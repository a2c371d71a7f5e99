import type { Logger } from 'pino';
import { FIRST_RULE_SET_WITH_APPEALS } from '../appeal/appeal-request.ts';
import type { PositionSource } from '../beaconing/position-source.ts';
import { RoundBook } from '../beaconing/round-book.ts';
import type { Clock } from '../clock.ts';
import { readParticipantKeys } from '../keys/participant-keys.ts';
import type { NetworkFacts, PinnedValidator } from '../network/network-facts.ts';
import type { DurableStore } from '../outbox/durable-store.ts';
import { Outbox } from '../outbox/outbox.ts';
import { type Appeal, roundAt, type UnixMs, type VerifySignature } from '../protocol/index.ts';
import type { GatewayDriver, GatewayListener } from '../radio/gateway-driver.ts';
import type { GatewayEui } from '../radio/gateway-eui.ts';
import type { RandomSource } from '../random.ts';
import type { BridgeStatus } from './bridge-status.ts';
import { Participant } from './participant.ts';
import type { SharedOptions } from './participant-modules.ts';
import type { ParticipantOptions, SurveyDeviceOptions } from './participant-options.ts';
import { participantStatus } from './participant-status.ts';

export interface BridgeOptions extends SharedOptions {
  readonly facts: NetworkFacts;
  /** One gateway, one participant: no two of them share an EUI. */
  readonly participants: readonly ParticipantOptions[];
  /** Where the key files are. */
  readonly keysFolder: string;
  /** Bound of each participant's outbox on disk. */
  readonly maxOutboxBytes: number;
  /** Bound of what waits in memory, by participant, while the disk takes nothing. */
  readonly maxUnsavedReports: number;
}

export interface BridgeModules {
  readonly driver: GatewayDriver;
  readonly store: DurableStore;
  /** The protocol's time. */
  readonly clock: Clock;
  /** Real time, for the transport. */
  readonly timers: Clock;
  readonly random: RandomSource;
  readonly verify: VerifySignature;
  readonly logger: Logger;
  readonly createPositionSource: (options: SurveyDeviceOptions) => PositionSource;
  /** A validator's broker keeps refusing the login of a participant. */
  readonly onLoginRefused: (validator: PinnedValidator, participantId: string) => void;
  /** Brings a login token to a broker that cannot judge it; absent = there is no such broker. */
  readonly bringToken?: (participantId: string, token: string) => Promise<void>;
}

/** Any number of gateways, each its own key, on one radio driver and one outbox. */
export class Bridge {
  readonly #options: BridgeOptions;
  readonly #modules: BridgeModules;
  readonly #rounds: RoundBook;
  readonly #outbox: Outbox;
  readonly #byEui = new Map<GatewayEui, Participant>();
  #startedAtMs: UnixMs;
  #latestEpoch: number | undefined;

  constructor(options: BridgeOptions, modules: BridgeModules) {
    const { clock, timers, random, verify, logger, store } = modules;
    const { facts, maxOutboxBytes: maxBytes, maxUnsavedReports } = options;
    this.#options = options;
    this.#modules = modules;
    this.#startedAtMs = clock.now();
    this.#rounds = new RoundBook(facts, { clock, verify, logger });
    this.#outbox = new Outbox(
      { networkId: facts.networkId, maxBytes, maxUnsavedReports },
      { store, random, clock, timers, logger },
    );
  }

  /**
   * Reads the keys, opens the outbox, listens for gateways and logs in. Rejects with the error of what failed
   * (SecretFileError, StoreError, CannotListenError), after stopping what had begun.
   */
  async start(): Promise<void> {
    this.#startedAtMs = this.#modules.clock.now();
    try {
      for (const options of this.#options.participants) await this.#open(options);
      for (const participant of this.#byEui.values()) await participant.load();
      await this.#modules.driver.start(this.#listener());
      for (const participant of this.#byEui.values()) participant.start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #open(options: ParticipantOptions): Promise<void> {
    const { facts, keysFolder } = this.#options;
    if (this.#byEui.has(options.eui)) throw new RangeError(`two participants share gateway ${options.eui}`);
    const keys = await readParticipantKeys(keysFolder, options.kind, options.id);
    const modules = {
      ...this.#modules,
      facts,
      keys,
      outbox: this.#outbox,
      rounds: this.#rounds,
      onEpoch: (summary: Uint8Array) => this.#onEpoch(summary),
    };
    this.#byEui.set(options.eui, await Participant.open(options, this.#options, modules));
  }

  /** Everything that is on disk stays; what was under way is sent again after the next start. */
  async stop(): Promise<void> {
    await this.#modules.driver.stop();
    await Promise.all([...this.#byEui.values()].map((participant) => participant.stop()));
    await this.#outbox.close();
  }

  /**
   * Puts an appeal of the owner into a hotspot's outbox; resolves when it is on disk, to false when this bridge serves no
   * such hotspot or its network knows no appeals. There a batch with one would be refused with everything in it.
   */
  async appeal(id: string, appeal: Appeal): Promise<boolean> {
    const participant = [...this.#byEui.values()].find(({ options }) => options.id === id);
    if (participant?.options.kind !== 'hotspot' || this.#options.facts.ruleSet < FIRST_RULE_SET_WITH_APPEALS)
      return false;
    await participant.report(appeal);
    return true;
  }

  /** Resolves when every outbox is empty and nothing is under way. Needs a broker that answers. */
  async idle(): Promise<void> {
    await Promise.all([...this.#byEui.values()].map((participant) => participant.idle()));
  }

  async status(): Promise<BridgeStatus> {
    const { facts } = this.#options;
    const nowMs = this.#modules.clock.now();
    const running = roundAt(facts.timing, nowMs);
    const offset = this.#rounds.clockOffset;
    const problem = this.#outbox.failure?.message;
    return {
      networkId: facts.networkId,
      startedAtMs: this.#startedAtMs,
      nowMs,
      round: { running, isCertified: this.#rounds.findCertificate(running) !== undefined },
      ...(offset ? { clockOffset: offset } : {}),
      refusedAnnouncements: Object.fromEntries(this.#rounds.refusals),
      ...(problem === undefined ? {} : { storageProblem: problem }),
      ...(this.#latestEpoch === undefined ? {} : { latestEpoch: this.#latestEpoch }),
      participants: await Promise.all([...this.#byEui.values()].map(participantStatus)),
    };
  }

  #listener(): GatewayListener {
    const { logger } = this.#modules;
    return {
      frameReceived: (frame) => this.#byEui.get(frame.eui)?.frameReceived(frame),
      gatewaySeen: (eui) => logger.info({ eui }, 'gateway connected'),
      gatewayLost: (eui) => logger.warn({ eui }, 'gateway lost: it has said nothing for a minute'),
      statusReceived: (reading) => this.#byEui.get(reading.eui)?.statusReceived(reading),
      warned: (warning) => {
        const participant = this.#byEui.get(warning.eui);
        if (participant) participant.warned(warning);
        else logger.warn({ eui: warning.eui, kind: warning.kind }, warning.advice);
      },
    };
  }

  /** Only to show it: an epoch's summary is verified by whoever acts on it. */
  #onEpoch(summary: Uint8Array): void {
    const match = /"epoch":"?(\d{1,12})/.exec(Buffer.from(summary.subarray(0, 4_096)).toString());
    if (match?.[1] !== undefined) this.#latestEpoch = Number(match[1]);
  }
}
