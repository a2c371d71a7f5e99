import { randomBytes } from 'node:crypto';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import { type Logger, pino } from 'pino';
import { createGenesisState } from '../core/index.ts';
import { type Database, openDatabase, PROJECTOR_DEFAULTS, type Projector, startProjector } from '../store/index.ts';
import { readGenesis } from '../validator/genesis.ts';
import { recomputeClosedEpochs } from './closed-epochs.ts';
import { epochsFolder, openEpochArchive } from './epoch-archive.ts';
import { JudgeLoop } from './judge-loop.ts';
import type { FromJudge, JudgeThreadData, ToJudge } from './judge-messages.ts';
import { QuestionDesk } from './question-desk.ts';
import { RemoteLog } from './remote-log.ts';

const CHUNK_ENTRIES = 256;
const STATUS_EVERY_MS = 1_000;

/** Judging and projecting, off the thread that admits reports: closing an epoch takes long, and may. */
class JudgeThread {
  readonly #port: MessagePort;
  readonly #data: JudgeThreadData;
  readonly #logger: Logger;
  readonly #desk: QuestionDesk;
  readonly #log: RemoteLog;
  #loop: JudgeLoop | undefined;
  #projector: Projector | undefined;
  #database: Database | undefined;
  #working = false;
  #again = false;
  #stopping = false;

  constructor(port: MessagePort, data: JudgeThreadData) {
    this.#port = port;
    this.#data = data;
    this.#logger = pino({ base: null, timestamp: false }, { write: (line) => this.#tellLog(line) });
    this.#desk = new QuestionDesk((id, question) => this.#tell({ kind: 'ask', id, question }));
    this.#log = new RemoteLog(data.origin, data.logSize, this.#desk);
    port.on('message', (message: ToJudge) => this.#receive(message));
  }

  async run(): Promise<void> {
    const { genesisEntry, dataDirectory } = this.#data;
    const { genesis, ruleSet } = readGenesis(genesisEntry, fastVerifySignature);
    const rules = { ruleSet, genesis: createGenesisState(genesis) };
    const archive = openEpochArchive(epochsFolder(dataDirectory));
    const shared = { log: this.#log, archive, verify: fastVerifySignature, salt: randomBytes(16) };
    const validator = genesis.validators[0]?.logKey ?? new Uint8Array(0);
    const loop = await JudgeLoop.open(
      { ...rules, validator, chunkEntries: CHUNK_ENTRIES },
      {
        ...shared,
        onProvisional: (results) => this.#projector?.addProvisional(results),
        onSuccessor: (entry) => this.#tell({ kind: 'successor', entry }),
        onClosed: (result) => {
          this.#projector?.addClosedEpoch(result);
          const { summary, summaryJson, keys } = result;
          this.#tell({ kind: 'closed', epoch: summary.epoch, summaryJson, keys });
        },
      },
    );
    this.#loop = loop;
    this.#database = await this.#openDatabase();
    this.#projector = startProjector(PROJECTOR_DEFAULTS, {
      database: this.#database,
      ledgers: [this.#log],
      results: {
        closedEpochs: (from) => recomputeClosedEpochs(from, rules, shared),
        async *provisional() {
          yield loop.provisional();
        },
      },
      logger: this.#logger,
      listener: {
        provisionalApplied: (results) => this.#tell({ kind: 'provisional', results }),
        epochApplied: (epoch) => this.#tell({ kind: 'applied', epoch }),
      },
    });
    setInterval(() => this.#tellStatus(), STATUS_EVERY_MS).unref();
    await this.#judge();
    this.#tell({ kind: 'ready' });
  }

  #openDatabase(): Promise<Database> {
    const { database, dataDirectory } = this.#data;
    if (database.kind === 'url') return openDatabase({ url: database.url, dataDirectory }, { logger: this.#logger });
    const password = async (): Promise<string> => {
      const [text] = await this.#desk.ask({ kind: 'database' });
      return new TextDecoder().decode(text);
    };
    const attached = { ...database, password, ensureRunning: password };
    return openDatabase({ dataDirectory, attached }, { logger: this.#logger });
  }

  #receive(message: ToJudge): void {
    switch (message.kind) {
      case 'grown':
        this.#log.grown(message.size);
        void this.#judge();
        return;
      case 'answer':
        this.#desk.answer(message.id, message.value);
        return;
      case 'failure':
        this.#desk.fail(message.id, message.message);
        return;
      case 'settle':
        this.#log.grown(message.size);
        void this.#settle(message.id);
        return;
      case 'stop':
        void this.#stop();
        return;
    }
  }

  /** One judging at a time; whoever asks while it runs makes it look again. */
  async #judge(): Promise<void> {
    this.#again = true;
    if (this.#working || !this.#loop || this.#stopping) return;
    this.#working = true;
    try {
      while (this.#again) {
        this.#again = false;
        await this.#loop.catchUp();
        this.#projector?.notify();
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#working = false;
    }
  }

  async #settle(id: number): Promise<void> {
    try {
      const { size } = this.#log.checkpoint();
      await this.#judge();
      while (this.#working || (this.#loop?.judged ?? 0) < size) await new Promise((resolve) => setImmediate(resolve));
      await this.#projector?.whenCaughtUp();
      this.#tell({ kind: 'settled', id });
    } catch (error) {
      this.#fail(error);
    }
  }

  async #stop(): Promise<void> {
    this.#stopping = true;
    await this.#projector?.stop();
    await this.#database?.close();
    this.#port.close();
  }

  /** The log cannot be judged: nothing may go on as if it could. */
  #fail(error: unknown): void {
    if (this.#stopping) return;
    setImmediate(() => {
      throw error;
    });
  }

  #tellStatus(): void {
    if (!this.#loop || !this.#projector) return;
    const status = { judged: this.#loop.judged, epoch: this.#loop.epoch, projector: this.#projector.status() };
    this.#tell({ kind: 'status', status });
  }

  #tellLog(line: string): void {
    this.#tell({ kind: 'log', line });
  }

  #tell(message: FromJudge): void {
    this.#port.postMessage(message);
  }
}

if (parentPort) await new JudgeThread(parentPort, workerData as JudgeThreadData).run();
