import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOwnerTree } from '@sextant/contracts-client/encoding';
import { createManualClock, type ManualClock } from '@sextant/firmware-bridge/clock';
import { createSeedSigner } from '@sextant/firmware-bridge/native-ed25519';
import {
  bytesToHex,
  formatId,
  leafHash,
  nodeHash,
  type ParticipantKind,
  unixMs,
} from '@sextant/firmware-bridge/protocol';
import { rewardLeaf, summaryJson, verdictLeaf } from '@sextant/oracle/core';
import {
  createHttpServer,
  type HealthProbes,
  type HttpServer,
  type HttpServerModules,
  type HttpServerOptions,
} from '@sextant/oracle/http';
import { type Ledger, nodeFileSystem, openLedger } from '@sextant/oracle/ledger';
import {
  type ClosedEpoch,
  type Database,
  PROJECTOR_DEFAULTS,
  type Projector,
  startProjector,
} from '@sextant/oracle/store';
import { Registry } from 'prom-client';
import { silent, type TestServer } from '../store/database-harness.ts';
import {
  bytes,
  makeSample,
  NETWORK_ID,
  ORIGIN,
  resultSource,
  type Sample,
  surveyKey,
  TIMING,
} from '../store/sample-network.ts';

export const HOTSPOTS = 12;
/** Epochs 0 and 1 are closed, the third one runs. */
export const CLOSED = 2;
const EPOCHS = 3;

export interface SeededOracle {
  readonly sample: Sample;
  readonly closed: readonly ClosedEpoch[];
  readonly clock: ManualClock;
  readonly ledger: Ledger;
  readonly database: Database;
  readonly projector: Projector;
  readonly live: HttpServer['live'];
  readonly feed: HttpServer['feed'];
  readonly registry: Registry;
  readonly server: HttpServer;
  /** What the server was made with, for a second one. */
  readonly options: HttpServerOptions;
  readonly modules: HttpServerModules;
  /** What a component’s probe says; change it to break one. */
  readonly broken: Partial<Record<keyof HealthProbes, string>>;
  close(): Promise<void>;
}

export interface SeedOptions {
  readonly options?: Partial<HttpServerOptions>;
  readonly modules?: Partial<HttpServerModules>;
}

/** An oracle’s HTTP server before a real database, log and projector, filled with the sample network. */
export async function startSeededOracle(testServer: TestServer, seed: SeedOptions = {}): Promise<SeededOracle> {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-http-'));
  const sample = makeSample(HOTSPOTS, EPOCHS);
  const closed = sample.closed.slice(0, CLOSED).map(withRealRoots);
  const clock = createManualClock(unixMs(TIMING.genesisMs + EPOCHS * TIMING.epochMs - 10_000));
  const { database } = await testServer.fresh();
  const signer = { name: ORIGIN, ...createSeedSigner(new Uint8Array(32).fill(7)) };
  const ledger = await openLedger(
    { directory: folder, origin: ORIGIN },
    { fileSystem: nodeFileSystem, signer, clock, logger: silent },
  );
  await ledger.appendAll(sample.entries.slice(0, 1_000));
  for (let i = 1_000; i < sample.entries.length; i += 1_000) await ledger.appendAll(sample.entries.slice(i, i + 1_000));
  // The ledger publishes at most once a second.
  await clock.advanceTo(unixMs(clock.now() + 2_000));
  const registry = new Registry();
  const { db } = database;
  const participants = {
    find: (key: Uint8Array): { kind: ParticipantKind } => ({
      kind: Buffer.from(key).equals(surveyKey) ? 'survey_device' : 'hotspot',
    }),
  };
  const network = {
    networkId: NETWORK_ID,
    ruleSet: 2,
    ruleSetId: bytes('rule set'),
    timing: TIMING,
    validators: [
      {
        id: formatId('validator', bytes('validator')),
        origin: ORIGIN,
        chainAnchor: bytesToHex(bytes('chain')),
        firstRound: 0,
        owner: `0x${bytesToHex(bytes('validator owner', 20))}`,
        brokerUrl: 'mqtt://127.0.0.1:1883',
        needsBrokerSession: false,
      },
    ],
  };
  const broken: Partial<Record<keyof HealthProbes, string>> = {};
  const health: HealthProbes = {
    ledger: () => broken.ledger,
    broker: () => broken.broker,
    database: () => broken.database,
    judge: () => broken.judge,
  };
  const options: HttpServerOptions = {
    host: '127.0.0.1',
    port: 0,
    version: '0.1.0',
    trustProxy: false,
    network,
    logFolder: folder,
    joinRate: { perMinute: 60, burst: 1_000 },
    brokerSecret: 'a secret for tests',
    ...seed.options,
  };
  const modules: HttpServerModules = {
    clock,
    logger: silent,
    registry,
    instance: 'test',
    db,
    participants,
    log: ledger,
    archive: archiveOf(closed),
    joinDesk: { join: async () => ({ ok: true }) },
    health,
    brokerQuestions: {
      handleBrokerAuth: () => ({ result: 'allow', is_superuser: false }),
      handleBrokerAcl: () => ({ result: 'deny' }),
    },
    openBrokerSession: async () => ({ status: 200, body: { expiresAtMs: TIMING.genesisMs } }),
    ...seed.modules,
  };
  const server = await createHttpServer(options, modules);
  const { feed, live } = server;
  const projector = startProjector(PROJECTOR_DEFAULTS, {
    database,
    ledgers: [ledger],
    results: resultSource(
      closed,
      sample.provisional.filter(({ epoch }) => epoch >= CLOSED),
    ),
    listener: feed,
    logger: silent,
  });
  await projector.whenCaughtUp();
  await feed.settled();
  const close = async (): Promise<void> => {
    await server.stop();
    await projector.stop();
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    sample,
    closed,
    clock,
    ledger,
    database,
    projector,
    live,
    feed,
    registry,
    server,
    options,
    modules,
    broken,
    close,
  };
}

/** Puts the roots of its own lists into the sample’s summary, and its own hash beside it. */
function withRealRoots(result: ClosedEpoch): ClosedEpoch {
  const verdicts = [...result.verdicts].toSorted((a, b) => Buffer.compare(a.reportId, b.reportId));
  const { owners } = result;
  const roots = {
    ...result.summary.roots,
    verdicts: bytesToHex(treeRoot(verdicts.map((verdict) => leafHash(verdictLeaf(verdict))))),
    rewards: bytesToHex(treeRoot(result.rewards.map((line) => leafHash(rewardLeaf(line))))),
    owners: bytesToHex(createOwnerTree(owners).root),
  };
  const summary = { ...result.summary, roots };
  return { ...result, summary, summaryHash: createHash('sha256').update(summaryJson(summary)).digest() };
}

/** MTH of RFC 6962, section 2.1, over leaf hashes. */
function treeRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (leaves.length === 1 && first !== undefined) return first;
  let k = 1;
  while (2 * k < leaves.length) k *= 2;
  return nodeHash(treeRoot(leaves.slice(0, k)), treeRoot(leaves.slice(k)));
}

/** As an oracle keeps closed epochs on its disk. */
function archiveOf(closed: readonly ClosedEpoch[]): HttpServerModules['archive'] {
  return {
    async findSummary(epoch) {
      const result = closed[epoch];
      return result === undefined ? undefined : Buffer.from(summaryJson(result.summary));
    },
    async findVerdictLeaves(epoch) {
      const verdicts = [...(closed[epoch]?.verdicts ?? [])].toSorted((a, b) => Buffer.compare(a.reportId, b.reportId));
      return Buffer.concat(verdicts.flatMap((verdict) => [verdict.reportId, leafHash(verdictLeaf(verdict))]));
    },
  };
}
