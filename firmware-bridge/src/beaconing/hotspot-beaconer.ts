import type { Cancel, Clock } from '../clock.ts';
import type { ParticipantKeys } from '../keys/participant-keys.ts';
import type { NetworkFacts } from '../network/network-facts.ts';
import type { OutboxPartition } from '../outbox/partition.ts';
import {
  BEACON_BANDWIDTH_HZ,
  BEACON_FRAME_BYTES,
  CHAIN_LENGTH,
  chainLink,
  deriveBeaconParameters,
  deriveBeaconSecret,
  encodeBeaconFrame,
  findBeaconChoices,
  firstSlotOfRound,
  type RoundCertificate,
  roundAt,
  roundStartMs,
  timeOnAirUs,
  type UnixMs,
} from '../protocol/index.ts';
import type { RandomSource } from '../random.ts';
import type { AssertionKeeper } from './assertion-keeper.ts';
import type { BeaconDiary } from './beacon-diary.ts';
import type { Miss } from './miss.ts';
import { pickMoment, sendWindow } from './moment.ts';
import type { RoundBook } from './round-book.ts';
import type { BeaconTransmitter, PlannedBeacon } from './transmission.ts';

export interface HotspotBeaconerModules {
  readonly facts: NetworkFacts;
  readonly keys: ParticipantKeys;
  readonly rounds: RoundBook;
  readonly assertions: AssertionKeeper;
  readonly partition: Pick<OutboxPartition, 'findState'>;
  readonly transmitter: BeaconTransmitter;
  readonly diary: BeaconDiary;
  readonly clock: Clock;
  readonly random: RandomSource;
}

const LAST_ROUND_KEY = 'beacon-round';
/** Rounds whose fate is remembered: no certificate comes for older ones. */
const ROUNDS_REMEMBERED = 16;

/**
 * Sends a hotspot's one beacon a round: nothing without a valid certificate, everything about it (slot, channel, spreading
 * factor, power step) as derived from the secret, only the moment within the slot is its own choice.
 */
export class HotspotBeaconer {
  readonly #modules: HotspotBeaconerModules;
  /** Rounds that are planned, done or given up. */
  readonly #handled = new Set<number>();
  /** What waits for its moment, or for an assertion to come into force, by round. */
  readonly #cancels = new Map<number, Cancel>();
  readonly #underWay = new Set<Promise<void>>();
  /** The last round that was transmitted in, from disk: a restart must not send, or miss, its beacon again. */
  #lastRound = -1;

  constructor(modules: HotspotBeaconerModules) {
    this.#modules = modules;
  }

  async load(): Promise<void> {
    const [stored] = await this.#modules.partition.findState(LAST_ROUND_KEY);
    if (stored) this.#lastRound = Number(Buffer.from(stored.value).toString());
  }

  start(): void {
    this.#modules.rounds.onCertificate((certificate) => this.#considerOnce(certificate));
  }

  /** Resolves when every certificate that has come is planned or given up, and no transmission is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #track(work: Promise<void>): Promise<void> {
    const tracked = work.finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
    return tracked;
  }

  stop(): void {
    for (const cancel of this.#cancels.values()) cancel();
  }

  /** An assertion came into the log: rounds that had to wait for it may be possible now. */
  reconsider(): void {
    const { facts, clock, rounds } = this.#modules;
    const running = roundAt(facts.timing, clock.now());
    for (let round = running; round < running + ROUNDS_REMEMBERED; round++) {
      const certificate = rounds.findCertificate(round);
      if (certificate) this.#considerOnce(certificate);
    }
  }

  #considerOnce(certificate: RoundCertificate): void {
    void this.#track(this.#consider(certificate));
  }

  async #consider(certificate: RoundCertificate): Promise<void> {
    const { clock, diary, random } = this.#modules;
    const { round } = certificate;
    if (this.#handled.has(round) || round <= this.#lastRound) return;
    this.#remember(round);
    const planned = await this.#plan(certificate);
    if ('reason' in planned) {
      if (planned.reason === 'no_assertion_in_force') return this.#wait(round, planned);
      return diary.missed(round, planned);
    }
    const window = { earliestMs: planned.earliestMs, latestMs: planned.beacon.latestMs };
    const moment = pickMoment(window, clock.now(), random.fork(`moment/${round}`));
    if (moment === undefined) return diary.missed(round, { reason: 'certificate_late' });
    diary.planned(round, moment, planned.beacon.parameters);
    this.#cancels.get(round)?.();
    this.#cancels.set(
      round,
      clock.at(moment, () => this.#track(this.#send(round, planned.beacon))),
    );
  }

  /** An assertion that is on its way may still come into force for this round; when the round is over it is missed. */
  #wait(round: number, miss: Miss): void {
    const { facts, clock, diary } = this.#modules;
    this.#handled.delete(round);
    if (this.#cancels.has(round)) return;
    const giveUp = (): void => {
      this.#cancels.delete(round);
      if (!this.#handled.has(round)) diary.missed(round, miss);
    };
    this.#cancels.set(round, clock.at(roundStartMs(facts.timing, round + 1), giveUp));
  }

  async #send(round: number, beacon: PlannedBeacon): Promise<void> {
    const { transmitter, diary } = this.#modules;
    this.#cancels.delete(round);
    const outcome = await transmitter.send(beacon);
    if (outcome.sent) diary.sent(round, outcome.report);
    else diary.missed(round, outcome);
  }

  #remember(round: number): void {
    this.#handled.add(round);
    const [oldest] = this.#handled;
    if (this.#handled.size > ROUNDS_REMEMBERED && oldest !== undefined) this.#handled.delete(oldest);
  }

  async #plan(
    certificate: RoundCertificate,
  ): Promise<{ readonly beacon: PlannedBeacon; readonly earliestMs: UnixMs } | Miss> {
    const { facts, assertions, keys } = this.#modules;
    const { timing } = facts;
    const { round } = certificate;
    const inForce = assertions.inForce(round);
    if (!inForce.ok) return { reason: inForce.reason };
    const { assertion: radio, generation } = inForce.kept;
    if (!radio.canTransmit) return { reason: 'cannot_transmit' };
    const choices = findBeaconChoices({ kind: 'hotspot', radio, timing });
    if (!choices) return { reason: 'nothing_legal' };
    const position = round - radio.firstRound + 1;
    if (position < 1 || position > CHAIN_LENGTH) return { reason: 'chain_used_up' };
    const link = chainLink(await keys.chain(generation), position);
    const { ruleSetId, entropy } = certificate;
    const sender = keys.signer.publicKey;
    const { networkId } = facts;
    const secret = deriveBeaconSecret({ networkId, ruleSetId, entropy, sender, roundOrIndex: round, chainLink: link });
    const parameters = deriveBeaconParameters(secret, choices);
    const slot = firstSlotOfRound(timing, round) + parameters.slotInRound;
    const { spreadingFactor } = parameters;
    const frame = { phyBytes: BEACON_FRAME_BYTES, spreadingFactor, bandwidthHz: BEACON_BANDWIDTH_HZ };
    const { earliestMs, latestMs } = sendWindow(timing, slot, timeOnAirUs(frame));
    const beacon: PlannedBeacon = {
      name: beaconName(round),
      slot,
      latestMs,
      frame: encodeBeaconFrame(secret),
      parameters,
      radio,
      state: [{ key: LAST_ROUND_KEY, value: Buffer.from(String(round)) }],
      toReport: (transmission) => ({ kind: 'beacon', round, chainLink: link, ...transmission }),
    };
    return { beacon, earliestMs };
  }
}

const beaconName = (round: number): string => `beacon-${round}`;
