import type { Logger } from 'pino';
import { AirtimeLedger, parseAirtimeState } from '../beaconing/airtime-ledger.ts';
import { AnchorKeeper } from '../beaconing/anchor-keeper.ts';
import { AssertionKeeper } from '../beaconing/assertion-keeper.ts';
import { BeaconDiary } from '../beaconing/beacon-diary.ts';
import { HotspotBeaconer } from '../beaconing/hotspot-beaconer.ts';
import { PendingReveals, type TransmissionReport } from '../beaconing/pending-reveals.ts';
import { StatusReporter } from '../beaconing/status-reporter.ts';
import { SurveyRunner } from '../beaconing/survey-runner.ts';
import { AIRTIME_STATE_KEY, BeaconTransmitter } from '../beaconing/transmission.ts';
import { WitnessReporter } from '../beaconing/witness-reporter.ts';
import { Delivery } from '../mqtt/delivery.ts';
import { MqttSession } from '../mqtt/mqtt-session.ts';
import type { StoreChange } from '../outbox/durable-store.ts';
import type { OutboxPartition } from '../outbox/partition.ts';
import type { SealedBatch } from '../outbox/sealed-batch.ts';
import { decodeEnvelope, decodeReportBatch, REGION_PLANS, type Report } from '../protocol/index.ts';
import type { GatewayReading, GatewayWarning, ReceivedFrame } from '../radio/gateway-driver.ts';
import { FrameLog } from './frame-log.ts';
import type { ParticipantModules, SharedOptions } from './participant-modules.ts';
import { type ParticipantOptions, radioOf } from './participant-options.ts';
import { VerdictLog } from './verdict-log.ts';

/** How a participant sends: a hotspot's one beacon a round, or a survey device's transmissions. */
type Sender =
  | { readonly kind: 'hotspot'; readonly assertions: AssertionKeeper; readonly beaconer: HotspotBeaconer }
  | { readonly kind: 'survey_device'; readonly anchors: AnchorKeeper; readonly runner: SurveyRunner };

/** One key with its gateway: its outbox, its sessions, its airtime, its transmissions and what it hears. */
export class Participant {
  readonly options: ParticipantOptions;
  readonly modules: ParticipantModules;
  readonly partition: OutboxPartition;
  readonly ledger: AirtimeLedger;
  readonly diary: BeaconDiary;
  readonly reveals: PendingReveals;
  readonly witness: WitnessReporter;
  readonly statusReporter: StatusReporter;
  readonly sessions: readonly MqttSession[];
  readonly delivery: Delivery;
  readonly sender: Sender;
  readonly frames = new FrameLog();
  readonly verdicts: VerdictLog;
  readonly warnings = new Map<string, string>();
  readonly #logger: Logger;
  readonly #underWay = new Set<Promise<unknown>>();

  /** Opens the participant's part of the outbox and puts everything together; nothing runs yet. */
  static async open(
    options: ParticipantOptions,
    shared: SharedOptions,
    modules: ParticipantModules,
  ): Promise<Participant> {
    const partition = await modules.outbox.openPartition(modules.keys.signer, options.id);
    const [airtime] = await partition.findState(AIRTIME_STATE_KEY);
    const plan = REGION_PLANS[radioOf(options).regionPlan];
    const state = airtime && parseAirtimeState(JSON.parse(Buffer.from(airtime.value).toString()));
    const ledger = new AirtimeLedger(state ? { plan, state } : { plan });
    return new Participant(options, shared, modules, partition, ledger);
  }

  private constructor(
    options: ParticipantOptions,
    shared: SharedOptions,
    modules: ParticipantModules,
    partition: OutboxPartition,
    ledger: AirtimeLedger,
  ) {
    const { clock, facts, keys, rounds, driver } = modules;
    const logger = modules.logger.child({ participant: keys.name });
    const onReported = (): void => this.delivery.flushSoon();
    this.options = options;
    this.modules = modules;
    this.partition = partition;
    this.ledger = ledger;
    this.#logger = logger;
    this.diary = new BeaconDiary({ clock, logger });
    this.verdicts = new VerdictLog({ clock, logger });
    const onRevealed = (report: TransmissionReport): void => {
      this.diary.revealed(report);
      onReported();
    };
    this.reveals = new PendingReveals(facts.timing, { partition, clock, logger, onRevealed });
    const isOwn = (tag: Uint8Array): boolean => this.reveals.isOwn(tag);
    const { publicKey } = keys.signer;
    this.witness = new WitnessReporter(facts.timing, { partition, clock, logger, publicKey, isOwn, onReported });
    const clockOffset = () => rounds.clockOffset;
    this.statusReporter = new StatusReporter(shared.statusIntervalMs, { partition, clock, clockOffset, onReported });
    const { clockMarginMs } = facts.timing;
    const { reveals } = this;
    const transmitter = new BeaconTransmitter(
      { eui: options.eui, clockMarginMs },
      { driver, ledger, reveals, clock, clockOffset },
    );
    this.sender = this.#createSender(transmitter);
    this.sessions = facts.validators.map((_, index) => this.#createSession(index, shared));
    this.delivery = this.#createDelivery(shared);
  }

  #createSender(transmitter: BeaconTransmitter): Sender {
    const { options, partition, diary } = this;
    const { clock, facts, keys, rounds, random } = this.modules;
    const common = { facts, keys, rounds, transmitter, diary, clock, random: random.fork(options.id) };
    if (options.kind === 'hotspot') {
      const assertions = new AssertionKeeper(facts.timing, { partition, keys, clock, logger: this.#logger });
      return { kind: 'hotspot', assertions, beaconer: new HotspotBeaconer({ ...common, assertions, partition }) };
    }
    const anchors = new AnchorKeeper({ partition, keys, logger: this.#logger });
    const position = this.modules.createPositionSource(options);
    const { radio, intervalMs } = options;
    const runner = new SurveyRunner({ radio, intervalMs }, { ...common, anchors, position, partition });
    return { kind: 'survey_device', anchors, runner };
  }

  #createSession(index: number, { ca }: SharedOptions): MqttSession {
    const { clock, timers, random, facts, keys, rounds, onLoginRefused, onEpoch, bringToken } = this.modules;
    const validator = facts.validators[index];
    if (!validator) throw new RangeError(`no validator ${index}`);
    const { id } = this.options;
    const options = { networkId: facts.networkId, participantId: id, validator, ...(ca ? { ca } : {}) };
    return new MqttSession(options, {
      clock,
      timers,
      random: random.fork(`session/${id}/${index}`),
      signer: keys.signer,
      logger: this.#logger,
      ...(bringToken ? { bringToken: (token: string) => bringToken(id, token) } : {}),
      listener: {
        connected: () => this.delivery.connected(index),
        receiptArrived: (bytes) => this.delivery.receiptArrived(bytes),
        verdictArrived: (bytes) => this.verdicts.take(bytes),
        roundArrived: (bytes, isRetained) => rounds.take(bytes, isRetained),
        epochArrived: onEpoch,
        loginRefused: () => onLoginRefused(validator, id),
      },
    });
  }

  #createDelivery({ flushDelayMs, maxInFlight }: SharedOptions): Delivery {
    const { clock, timers, random, facts, verify } = this.modules;
    const { networkId, validators } = facts;
    return new Delivery(
      { networkId, validators, maxInFlight, flushDelayMs },
      {
        partition: this.partition,
        links: this.sessions,
        clock,
        timers,
        random: random.fork(`delivery/${this.options.id}`),
        verify,
        logger: this.#logger,
        onSettled: (batch, fate) => this.#onSettled(batch, fate),
      },
    );
  }

  /** What a batch's end means for assertions and anchors in it, on disk in the same write. */
  #onSettled(batch: SealedBatch, fate: 'receipted' | 'refused'): readonly StoreChange[] {
    const envelope = decodeEnvelope(batch.envelope);
    const content = envelope.ok ? decodeReportBatch(envelope.value.payload) : envelope;
    if (!content.ok) return [];
    const { reports, createdAtMs } = content.value;
    if (this.sender.kind === 'survey_device') return this.sender.anchors.settled(reports, fate);
    const { assertions, beaconer } = this.sender;
    const changes = assertions.settled(reports, createdAtMs, fate);
    if (changes.length > 0) beaconer.reconsider();
    return changes;
  }

  /** Takes up what a former run has left, and asserts what is new. */
  async load(): Promise<void> {
    this.modules.outbox.whenRecovered(() => this.delivery.resume());
    await this.reveals.load();
    await this.witness.load();
    if (this.options.kind === 'hotspot' && this.sender.kind === 'hotspot') {
      await this.sender.assertions.assert(this.options.place);
      await this.sender.beaconer.load();
    }
    if (this.sender.kind === 'survey_device') await this.sender.runner.load();
  }

  start(): void {
    if (this.sender.kind === 'hotspot') this.sender.beaconer.start();
    else this.sender.runner.start();
    this.statusReporter.start();
    this.delivery.resume();
    for (const session of this.sessions) session.start();
  }

  async stop(): Promise<void> {
    if (this.sender.kind === 'hotspot') this.sender.beaconer.stop();
    else await this.sender.runner.stop();
    this.reveals.stop();
    this.statusReporter.stop();
    await this.delivery.stop();
    await Promise.all(this.sessions.map((session) => session.stop()));
  }

  frameReceived(frame: ReceivedFrame): void {
    this.frames.take(frame);
    this.statusReporter.frameReceived();
    // What a car hears proves nothing: only a hotspot is a witness.
    if (this.options.kind === 'survey_device') return;
    const reporting = this.witness.take(frame);
    if (!reporting) return;
    const tracked = reporting.finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
  }

  statusReceived(reading: GatewayReading): void {
    this.statusReporter.readingArrived(reading);
  }

  warned({ kind, advice }: GatewayWarning): void {
    this.warnings.set(kind, advice);
    this.#logger.warn({ kind }, advice);
  }

  /** Takes a report that is made elsewhere; resolves when it is on disk. */
  async report(report: Report): Promise<void> {
    const stored = this.partition.add([report]);
    this.delivery.flushSoon();
    await stored;
  }

  /** Resolves when everything that was heard or sent so far is receipted or dead. */
  async idle(): Promise<void> {
    if (this.sender.kind === 'hotspot') await this.sender.beaconer.settled();
    await Promise.all(this.#underWay);
    await this.delivery.idle();
  }
}
