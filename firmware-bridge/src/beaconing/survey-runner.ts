import { latLngToCell } from 'h3-js';
import type { Cancel, Clock } from '../clock.ts';
import type { ParticipantKeys } from '../keys/participant-keys.ts';
import type { NetworkFacts } from '../network/network-facts.ts';
import type { OutboxPartition } from '../outbox/partition.ts';
import {
  BEACON_BANDWIDTH_HZ,
  BEACON_FRAME_BYTES,
  CHAIN_LENGTH,
  deriveBeaconParameters,
  deriveBeaconSecret,
  encodeBeaconFrame,
  findBeaconChoices,
  type RadioDeclaration,
  type RoundCertificate,
  roundAt,
  slotAt,
  slotStartMs,
  timeOnAirUs,
  unixMs,
} from '../protocol/index.ts';
import type { RandomSource } from '../random.ts';
import type { AnchorKeeper } from './anchor-keeper.ts';
import type { BeaconDiary } from './beacon-diary.ts';
import type { Miss } from './miss.ts';
import { sendWindow } from './moment.ts';
import { findFixProblem, type PositionFix, type PositionSource } from './position-source.ts';
import type { RoundBook } from './round-book.ts';
import type { BeaconTransmitter, PlannedBeacon } from './transmission.ts';

export interface SurveyOptions {
  readonly radio: RadioDeclaration;
  /** From one transmission to the next, about. */
  readonly intervalMs: number;
}

export interface SurveyRunnerModules {
  readonly facts: NetworkFacts;
  readonly keys: ParticipantKeys;
  readonly rounds: RoundBook;
  readonly anchors: AnchorKeeper;
  readonly transmitter: BeaconTransmitter;
  readonly position: PositionSource;
  readonly partition: Pick<OutboxPartition, 'findState'>;
  readonly diary: BeaconDiary;
  readonly clock: Clock;
  readonly random: RandomSource;
}

const SURVEY_RESOLUTION = 9;
const INDEX_KEY = 'survey-index';
/** No two transmissions of one device are nearer in time than this. */
const SHORTEST_INTERVAL_MS = 20_000;
/** Validators look for an index at most 4,096 beyond the last one they know: a longer leap begins a new chain. */
const LONGEST_LEAP = 2_048;
/** The interval varies by this share of it to both sides, so that two devices do not stay in step. */
const JITTER = 10;

/**
 * A survey device's transmissions: one chain link each, about every 30 s, where the receiver knows its place. After a
 * start the index leaps over what a device may have sent since the index was stored: so a restored backup never spends a
 * link, or tells one early, that was already spent.
 */
export class SurveyRunner {
  readonly #options: SurveyOptions;
  readonly #modules: SurveyRunnerModules;
  #nextIndex = 0;
  #cancel: Cancel | undefined;
  #isStopped = false;

  constructor(options: SurveyOptions, modules: SurveyRunnerModules) {
    this.#options = options;
    this.#modules = modules;
  }

  get nextIndex(): number {
    return this.#nextIndex;
  }

  /** Finds the next index, and anchors the chain it needs. */
  async load(): Promise<void> {
    this.#nextIndex = await this.#modules.anchors.open(this.#options.radio, await this.#storedIndex());
  }

  start(): void {
    this.#modules.position.start();
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    await this.#modules.position.stop();
  }

  async #storedIndex(): Promise<number> {
    const [stored] = await this.#modules.partition.findState(INDEX_KEY);
    if (!stored) return 0;
    const { next, atMs } = JSON.parse(Buffer.from(stored.value).toString()) as { next: number; atMs: number };
    const elapsedMs = Math.max(0, this.#modules.clock.now() - atMs);
    const links = Math.ceil(elapsedMs / SHORTEST_INTERVAL_MS);
    if (links <= LONGEST_LEAP) return next + links;
    // In that time the device may have begun as many chains, if it was off between.
    return (Math.floor(next / CHAIN_LENGTH) + Math.ceil(links / LONGEST_LEAP)) * CHAIN_LENGTH;
  }

  #schedule(): void {
    if (this.#isStopped) return;
    const { clock, random } = this.#modules;
    const { intervalMs } = this.#options;
    const spanMs = Math.floor(intervalMs / JITTER);
    const jitterMs = random.fork(`interval/${clock.now()}`).below(2 * spanMs + 1) - spanMs;
    const waitMs = Math.max(intervalMs + jitterMs, SHORTEST_INTERVAL_MS);
    this.#cancel = clock.at(unixMs(clock.now() + waitMs), () => this.#tick());
  }

  async #tick(): Promise<void> {
    const planned = await this.#plan();
    if ('waitUntilMs' in planned) {
      this.#cancel = this.#modules.clock.at(planned.waitUntilMs, () => this.#tick());
      return;
    }
    const { diary, transmitter } = this.#modules;
    const index = this.#nextIndex;
    if ('reason' in planned) {
      diary.missed(index, planned);
    } else {
      this.#nextIndex++;
      const outcome = await transmitter.send(planned);
      if (outcome.sent) diary.sent(index, outcome.report);
      else diary.missed(index, outcome);
    }
    this.#schedule();
  }

  async #plan(): Promise<PlannedBeacon | Miss | { readonly waitUntilMs: ReturnType<Clock['now']> }> {
    const { position, rounds, facts, anchors, clock } = this.#modules;
    const nowMs = clock.now();
    const fix = position.latest();
    const problem = findFixProblem(fix, nowMs);
    if (!fix || problem !== undefined) return { reason: 'no_fix', detail: position.problem() ?? problem ?? '' };
    const certificate = rounds.findCertificate(roundAt(facts.timing, nowMs));
    if (!certificate) return { reason: 'no_certificate' };
    const chain = await anchors.linkFor(this.#nextIndex);
    if (!chain) return { reason: 'no_chain_anchor' };
    return this.#derive(certificate, chain.link, chain.radio, fix);
  }

  #derive(
    certificate: RoundCertificate,
    link: Uint8Array,
    radio: RadioDeclaration,
    fix: PositionFix,
  ): PlannedBeacon | Miss | { readonly waitUntilMs: ReturnType<Clock['now']> } {
    const { facts, keys, clock } = this.#modules;
    const { timing, networkId } = facts;
    const choices = findBeaconChoices({ kind: 'survey_device', radio, timing });
    if (!choices) return { reason: 'nothing_legal' };
    const index = this.#nextIndex;
    const { ruleSetId, entropy, round } = certificate;
    const sender = keys.signer.publicKey;
    const secret = deriveBeaconSecret({ networkId, ruleSetId, entropy, sender, roundOrIndex: index, chainLink: link });
    const parameters = deriveBeaconParameters(secret, choices);
    const slot = slotAt(timing, clock.now());
    const { spreadingFactor } = parameters;
    const onAir = { phyBytes: BEACON_FRAME_BYTES, spreadingFactor, bandwidthHz: BEACON_BANDWIDTH_HZ };
    const { latestMs } = sendWindow(timing, slot, timeOnAirUs(onAir));
    // A frame that would reach into the next slot waits for it.
    if (clock.now() > latestMs) return { waitUntilMs: slotStartMs(timing, slot + 1) };
    const cell = BigInt(`0x${latLngToCell(fix.latitudeDeg, fix.longitudeDeg, SURVEY_RESOLUTION)}`);
    const { satellites, hdopTenths, speedDmps } = fix;
    const gnss = { cell, satellites: Math.min(satellites, 255), hdopTenths, speedDmps };
    return {
      name: `survey-${index}`,
      slot,
      latestMs,
      frame: encodeBeaconFrame(secret),
      parameters,
      radio,
      state: [{ key: INDEX_KEY, value: Buffer.from(JSON.stringify({ next: index + 1, atMs: clock.now() })) }],
      toReport: (transmission) => ({ kind: 'survey', index, chainLink: link, round, ...gnss, ...transmission }),
    };
  }
}
