import { join } from 'node:path';
import type { EmissionSchedule } from '@sextant/contracts-client/encoding';
import type { Clock } from '@sextant/firmware-bridge/clock';
import { encodeVerdict, epochAt, type ParticipantKind } from '@sextant/firmware-bridge/protocol';
import type { RandomSource } from '@sextant/firmware-bridge/random';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { judgesPlaces } from './core/index.ts';
import type { HealthProbes } from './http/index.ts';
import {
  type BrokerChoice,
  DEFAULT_ADMISSION_RATE,
  DEFAULT_CONNECTION_LIMITS,
  DEFAULT_GUARD_TIMEOUTS,
  DEFAULT_QUEUE_LIMITS,
  type RunningIntake,
  startIntake,
} from './intake/index.ts';
import { type EpochArchive, epochsFolder, openEpochArchive } from './judge/epoch-archive.ts';
import { JudgeHost } from './judge/judge-host.ts';
import type { DatabaseAccess } from './judge/judge-messages.ts';
import { LateParts } from './late-parts.ts';
import type { FileSystem, LogProof } from './ledger/index.ts';
import { type OpenedHttp, openHttp } from './open-http.ts';
import { type OpenedLog, openLog } from './open-log.ts';
import { OperatorDesk } from './operator/operator-desk.ts';
import { type OpenedDoor, openOperatorDoor } from './operator/operator-door.ts';
import type { OperatorAnswer, OperatorRequest } from './operator/operator-request.ts';
import type { OracleBroker, OracleOptions } from './oracle-options.ts';
import { RefusalBook } from './refusal-book.ts';
import { chainView } from './settlement/chain-view.ts';
import type { ChainOptions, SettlementStatus } from './settlement/index.ts';
import {
  type Database,
  MAINTENANCE_DEFAULTS,
  type Maintenance,
  openDatabase,
  type ProvisionalResults,
  startMaintenance,
} from './store/index.ts';
import { openValidatorIdentity, type ValidatorIdentity } from './validator/identity.ts';
import { participantId } from './validator/participants.ts';
import { type RegistryEntry, registryEntryOf } from './validator/registry-entry.ts';
import { Validator } from './validator/validator.ts';

/** An external broker may still be starting. */
const BROKER_CONNECT_MS = 60_000;
/** Entries; a judge that far behind does not tell what happens now. */
const JUDGE_BEHIND_MAX = 50_000;

export interface OracleModules {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly fileSystem: FileSystem;
  readonly logger: Logger;
  readonly registry: Registry;
  /** What is being done, for people who wait. */
  onStep(text: string): void;
  /** The oracle cannot go on: the process should end. */
  onBroken(error: Error): void;
}

interface OracleParts {
  readonly options: OracleOptions;
  readonly modules: OracleModules;
  readonly late: LateParts;
  readonly identity: ValidatorIdentity;
  readonly opened: OpenedLog;
  readonly database: Database;
  readonly archive: EpochArchive;
  readonly validator: Validator<LogProof>;
  readonly judge: JudgeHost;
  readonly intake: RunningIntake;
  readonly http: OpenedHttp;
  readonly refusals: RefusalBook;
  readonly maintenance: Maintenance;
  readonly desk: OperatorDesk;
  readonly door: OpenedDoor;
}

export interface OracleStatus {
  readonly networkId: string;
  readonly validatorId: string;
  readonly logSize: number;
  readonly judged: number;
  readonly epoch: number;
  readonly certifiedRound: number;
  readonly participants: Readonly<Record<ParticipantKind, number>>;
  readonly mqttPort: number;
  readonly httpPort: number;
  readonly database: string;
  readonly registryEntry: RegistryEntry;
  /** Absent while it settles on no chain. */
  readonly settlement?: SettlementStatus;
}

/** A validator's oracle: broker and intake, log, judge, database and website in one process. */
export class Oracle {
  readonly #parts: OracleParts;

  private constructor(parts: OracleParts) {
    this.#parts = parts;
  }

  /** Starts everything, cheap things first. Rejects with an error that says what to do; nothing is left running then. */
  static async start(options: OracleOptions, modules: OracleModules): Promise<Oracle> {
    const undo: (() => Promise<void>)[] = [];
    try {
      return new Oracle(await startParts(options, modules, undo));
    } catch (error) {
      for (const step of undo.toReversed()) await step().catch(() => undefined);
      throw error;
    }
  }

  /** A code that makes one key known, once. */
  invite(participant: ParticipantKind): string {
    return this.#parts.validator.invite(participant);
  }

  /** Places are judged, and this validator grants nobody anything that trust could flow from. */
  lacksAnchors(): boolean {
    const { opened, validator, modules } = this.#parts;
    const epoch = epochAt(opened.genesis.timing, modules.clock.now());
    return judgesPlaces(opened.ruleSet) && validator.ownRecords.grantsStanding(epoch).length === 0;
  }

  /** Does what the operator asks for. Rejects when the log cannot be written. */
  operate(request: OperatorRequest): Promise<OperatorAnswer> {
    return this.#parts.desk.answer(request);
  }

  /** Resolves when everything logged until now is judged and in the database. */
  async settle(): Promise<void> {
    await this.#parts.validator.log.settle();
    await this.#parts.judge.settle();
  }

  /** Starts to take closed epochs to a chain. Once; throws when the disk holds votes or a journal it cannot read. */
  async settleOn(chain: ChainOptions): Promise<void> {
    const { late, modules, options, archive, identity, validator, opened } = this.#parts;
    if (late.settlement) throw new Error('this oracle settles on a chain already');
    const journal = validator.registryJournal;
    // What it takes to speak to a chain is loaded only where there is one.
    const { openSettlement } = await import('./settlement/index.ts');
    late.settlement = await openSettlement(options.dataDirectory, chain, {
      ...modules,
      archive,
      chainKey: identity.chainKey,
      schedule: scheduleOf(opened),
      ...(journal ? { ownersLog: { journal, timing: opened.genesis.timing } } : {}),
    });
    late.chain = chainView(chain.deployment);
  }

  status(): OracleStatus {
    const { identity, opened, database, validator, judge, intake, http, late } = this.#parts;
    return {
      networkId: opened.genesis.networkId,
      validatorId: identity.id,
      logSize: opened.ledger.size,
      judged: judge.status()?.judged ?? 0,
      epoch: judge.status()?.epoch ?? 0,
      certifiedRound: validator.certifiedRound(),
      participants: validator.participants.count(),
      mqttPort: intake.port,
      httpPort: http.port,
      database: database.status().where,
      registryEntry: registryEntryOf(identity),
      ...(late.settlement ? { settlement: late.settlement.status() } : {}),
    };
  }

  /** Takes nothing more, answers what is on its way, and closes in the order of the data. */
  async stop(): Promise<void> {
    const { intake, validator, judge, database, opened, http, refusals, maintenance, late, door } = this.#parts;
    await door.close();
    validator.stop();
    await late.settlement?.stop();
    await Promise.all([http.stop(), intake.close(), maintenance.stop()]);
    await refusals.stop();
    await judge.stop();
    await opened.ledger.close();
    await database.close();
  }
}

type Undo = (() => Promise<void>)[];

async function startParts(options: OracleOptions, modules: OracleModules, undo: Undo): Promise<OracleParts> {
  const { clock, logger } = modules;
  const stores = await openStores(options, modules, undo);
  const { opened, database } = stores;
  const late = new LateParts(options.broker, options.mqttUrl);
  const validator = await openValidator(options, modules, { ...stores, late });
  undo.push(async () => validator.stop());
  modules.onStep('judging what the log holds');
  const judge = startJudge(options, modules, { opened, database, validator, late });
  undo.push(() => judge.stop());
  await judge.whenReady();
  const { joinDesk, participants } = validator;
  const health = healthProbes({ opened, judge, late });
  const brokerUrl = (): string => late.brokerUrl();
  const answers = { ...late.questions(), joinDesk, participants, health, brokerUrl, findChain: () => late.chain };
  const http = await openHttp(options, { ...modules, ...stores, ...answers });
  undo.push(() => http.stop());
  late.feed = http.feed;
  modules.onStep('opening the broker');
  const refusals = new RefusalBook({ database, clock, logger });
  const maintenance = startMaintenance(MAINTENANCE_DEFAULTS, { database, clock, logger });
  undo.push(() => maintenance.stop());
  const intake = await openIntake(options, modules, { ...stores, validator, late, refusals });
  undo.push(() => intake.close());
  late.intake = intake;
  await validator.start();
  const desk = new OperatorDesk(opened, { validator, archive: stores.archive, clock, logger });
  const door = await openOperatorDoor(options.dataDirectory, { desk, logger });
  return { options, modules, late, ...stores, validator, judge, intake, http, refusals, maintenance, desk, door };
}

/** What lies on the disk: keys, log, database, closed epochs. */
async function openStores(
  options: OracleOptions,
  modules: OracleModules,
  undo: Undo,
): Promise<Pick<OracleParts, 'identity' | 'opened' | 'database' | 'archive'>> {
  const { dataDirectory, databaseUrl } = options;
  const { logger, random } = modules;
  const identity = await openValidatorIdentity(join(dataDirectory, 'keys'), random);
  modules.onStep('opening the log');
  const opened = await openLog(options, { ...modules, identity });
  undo.push(() => opened.ledger.close());
  modules.onStep('starting the database');
  const database = await openDatabase(
    { dataDirectory, ...(databaseUrl === undefined ? {} : { url: databaseUrl }) },
    { logger, onStep: (_, text) => modules.onStep(text) },
  );
  undo.push(() => database.close());
  return { identity, opened, database, archive: openEpochArchive(epochsFolder(dataDirectory)) };
}

async function openValidator(
  { surveyGrantEpochs }: OracleOptions,
  modules: OracleModules,
  parts: Pick<OracleParts, 'identity' | 'opened' | 'archive'> & { readonly late: LateParts },
): Promise<Validator<LogProof>> {
  const { identity, opened, archive, late } = parts;
  const { base, newest } = await findStates(archive);
  return Validator.open(
    { ...opened, surveyGrantEpochs, ...(base ? { base } : {}), ...(newest ? { newest } : {}) },
    {
      ...modules,
      identity,
      log: opened.ledger,
      publishRound: (bytes) => late.bus.publishRound(bytes),
      onCertified: ({ round }) => late.feed?.certified(round),
    },
  );
}

/** As the contracts that pay for this network's epochs have to hold it. */
function scheduleOf({ genesis, ruleSet }: OpenedLog): EmissionSchedule {
  const { genesisMs, epochMs } = genesis.timing;
  const { emissionPerDay, halvingDays } = ruleSet.rewards;
  return { genesisMs, epochMs, emissionPerDay, halvingDays };
}

function healthProbes(parts: Pick<OracleParts, 'opened' | 'judge'> & { readonly late: LateParts }): HealthProbes {
  const { opened, judge, late } = parts;
  return {
    ledger: () => late.logTrouble,
    broker: () => (late.intake ? undefined : 'The broker is not open yet.'),
    database: () => judge.status()?.projector.failing?.message,
    judge: () => {
      const behind = opened.ledger.size - (judge.status()?.judged ?? 0);
      return behind > JUDGE_BEHIND_MAX ? `The judge is ${behind} log entries behind.` : undefined;
    },
  };
}

/**
 * The newest archived state, and the one before: from its cut on the log is read again for marks, certificates and keys, and
 * the certificate of the running round stands behind it for sure.
 */
async function findStates(archive: EpochArchive) {
  const latest = await archive.latestEpoch();
  return {
    base: latest < 1 ? undefined : await archive.findState(latest - 1),
    newest: latest < 0 ? undefined : await archive.findState(latest),
  };
}

function startJudge(
  options: OracleOptions,
  modules: OracleModules,
  parts: Pick<OracleParts, 'opened' | 'database' | 'validator'> & { readonly late: LateParts },
): JudgeHost {
  const { opened, database, validator, late } = parts;
  const { ledger, origin, genesisEntry } = opened;
  const attachment = database.attachment();
  const access: DatabaseAccess = attachment
    ? { kind: 'embedded', host: attachment.host, port: attachment.port, user: attachment.user }
    : { kind: 'url', url: options.databaseUrl ?? '' };
  const { dataDirectory } = options;
  return new JudgeHost(
    { origin, genesisEntry, dataDirectory, database: access, logSize: ledger.size },
    {
      ledger,
      async databasePassword() {
        await attachment?.ensureRunning();
        return (await attachment?.password()) ?? '';
      },
      logger: modules.logger.child({ part: 'judge' }),
      onProvisional(results) {
        publishVerdicts(results, validator, late.bus);
        late.feed?.provisionalApplied(results);
      },
      onSuccessor: (entry) => validator.observe(entry),
      onClosed(_, summaryJson, keys) {
        validator.learn(keys);
        late.bus.publishEpoch(new TextEncoder().encode(summaryJson));
        late.settlement?.epochClosed();
      },
      onApplied(epoch) {
        modules.logger.info({ epoch }, 'epoch closed');
        late.feed?.epochApplied(epoch);
      },
      onBroken: (error) => modules.onBroken(error),
    },
  );
}

function publishVerdicts(
  { verdicts }: ProvisionalResults,
  validator: Validator<LogProof>,
  bus: LateParts['bus'],
): void {
  for (const verdict of verdicts) {
    const participant = validator.participants.find(verdict.reporter);
    if (participant) bus.publishVerdict(participantId(participant), encodeVerdict(verdict, false));
  }
}

function openIntake(
  options: OracleOptions,
  modules: OracleModules,
  parts: Pick<OracleParts, 'identity' | 'opened' | 'validator' | 'refusals'> & { readonly late: LateParts },
): Promise<RunningIntake> {
  const { identity, opened, validator, late, refusals } = parts;
  const { genesis, ruleSet, ledger } = opened;
  return startIntake(
    {
      networkId: genesis.networkId,
      indexFolder: join(options.dataDirectory, 'admission-index'),
      window: { epochMs: genesis.timing.epochMs, lateEpochs: ruleSet.timing.lateEpochs },
      workers: options.workers,
      rate: DEFAULT_ADMISSION_RATE,
      queue: DEFAULT_QUEUE_LIMITS,
      broker: brokerChoice(options.broker),
    },
    {
      ...modules,
      appender: { append: (entry) => late.watch(validator.log.append(entry)) },
      ledger,
      knownKeys: validator.participants,
      validator: identity.signer,
      onRefused: (reason) => refusals.note(reason),
      onQuestionsAnswered: (questions) => late.answerQuestions(questions),
    },
  );
}

function brokerChoice(broker: OracleBroker): BrokerChoice {
  if (broker.kind !== 'embedded') return { ...broker, connectMs: BROKER_CONNECT_MS };
  return { ...broker, connections: DEFAULT_CONNECTION_LIMITS, timeouts: DEFAULT_GUARD_TIMEOUTS };
}
