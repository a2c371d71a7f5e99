import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import { createSystemRandom } from '@sextant/firmware-bridge/random';
import { pino } from 'pino';
import { createGenesisState, type EpochResult, type EpochState, ROOT_NAMES } from '../core/index.ts';
import { recomputeClosedEpochs } from '../judge/closed-epochs.ts';
import { type EpochArchive, epochsFolder, openEpochArchive } from '../judge/epoch-archive.ts';
import { JudgeLoop } from '../judge/judge-loop.ts';
import { nodeFileSystem } from '../ledger/index.ts';
import { type OpenedLog, openLog } from '../open-log.ts';
import { openDatabase, PROJECTOR_DEFAULTS, type Projector, startProjector } from '../store/index.ts';
import { openValidatorIdentity } from '../validator/identity.ts';
import type { Settings } from './settings.ts';
import { oracleOptions } from './start.ts';

const CHUNK_ENTRIES = 256;

/**
 * Computes every epoch again from the log alone and fills the database anew. Exit code 1, with the first differing root
 * named, when the archive of closed epochs says otherwise.
 */
export async function runRebuild(settings: Settings, flags: { json?: boolean }): Promise<void> {
  const options = oracleOptions(settings);
  const { dataDirectory, databaseUrl } = options;
  const logger = pino({ level: 'warn', base: null }, process.stderr);
  const identity = await openValidatorIdentity(join(dataDirectory, 'keys'), createSystemRandom());
  const clock = createSystemClock();
  const opened = await openLog(options, { identity, fileSystem: nodeFileSystem, clock, logger });
  const url = databaseUrl === undefined ? {} : { url: databaseUrl };
  const database = await openDatabase({ dataDirectory, ...url }, { logger });
  try {
    await database.drop();
    const before = openEpochArchive(epochsFolder(dataDirectory));
    const fresh = join(dataDirectory, 'epochs.rebuilt');
    await rm(fresh, { recursive: true, force: true });
    const report = createReport(before, flags.json === true);
    const rebuilt = await judgeAll(opened, openEpochArchive(fresh), report, (results) =>
      startProjector(PROJECTOR_DEFAULTS, { database, ledgers: [opened.ledger], results, logger }),
    );
    await rm(epochsFolder(dataDirectory), { recursive: true, force: true });
    await rename(fresh, epochsFolder(dataDirectory)).catch(() => undefined);
    report.end(rebuilt, opened.ledger.size);
  } finally {
    await database.close();
    await opened.ledger.close();
  }
}

type StartProjector = (results: Parameters<typeof startProjector>[1]['results']) => Projector;

/** Number of epochs. */
async function judgeAll(
  { ledger, genesis, ruleSet }: OpenedLog,
  archive: EpochArchive,
  report: Report,
  start: StartProjector,
): Promise<number> {
  const rules = { ruleSet, genesis: createGenesisState(genesis) };
  const shared = { log: ledger, archive, verify: fastVerifySignature, salt: randomBytes(16) };
  let epochs = 0;
  const closed: Promise<void>[] = [];
  const loop = await JudgeLoop.open(
    { ...rules, validator: genesis.validators[0]?.logKey ?? new Uint8Array(0), chunkEntries: CHUNK_ENTRIES },
    {
      ...shared,
      onProvisional: () => undefined,
      onSuccessor: () => undefined,
      onClosed(result) {
        epochs++;
        closed.push(report.compare(result));
      },
    },
  );
  await loop.catchUp();
  await Promise.all(closed);
  const projector = start({
    closedEpochs: (from) => recomputeClosedEpochs(from, rules, shared),
    async *provisional() {
      yield loop.provisional();
    },
  });
  await projector.whenCaughtUp();
  await projector.stop();
  return epochs;
}

interface Report {
  compare(result: EpochResult<EpochState>): Promise<void>;
  end(epochs: number, entries: number): void;
}

function createReport(before: EpochArchive, json: boolean): Report {
  const differing: { epoch: number; root: string }[] = [];
  return {
    async compare({ summary, summaryJson }) {
      const { epoch } = summary;
      const archived = await before.findSummary(epoch);
      const same = archived === undefined || Buffer.from(archived).toString() === summaryJson;
      if (!json) {
        const verdict = archived === undefined ? 'new' : same ? 'the same' : 'DIFFERENT';
        console.log(`epoch ${epoch}: ${summary.roots.verdicts.slice(0, 16)}… ${verdict}`);
      }
      if (same) return;
      const { roots } = JSON.parse(Buffer.from(archived).toString()) as { roots: Record<string, string> };
      const root = ROOT_NAMES.find((name) => roots[name] !== summary.roots[name]) ?? 'summary';
      differing.push({ epoch, root });
    },
    end(epochs, entries) {
      if (json) console.log(JSON.stringify({ epochs, entries, differing }));
      else if (differing.length === 0) console.log(`${epochs} epochs of ${entries} log entries, all roots the same.`);
      const [first] = differing.toSorted((a, b) => a.epoch - b.epoch);
      if (!first) return;
      process.exitCode = 1;
      console.error(
        `Epoch ${first.epoch}: the log gives another ${first.root} root than the archive had. The log is the truth, and ` +
          'the archive now says what it gives. If the network has agreed on the old root, restore the log from a copy.',
      );
    },
  };
}
