import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Bridge,
  type BridgeOptions,
  createParticipantKeys,
  createSeededRandom,
  type HotspotOptions,
  openLevelStore,
  type ParticipantOptions,
  type PositionSource,
  type SurveyDeviceOptions,
} from '@sextant/firmware-bridge/bridge';
import { createManualClock, createSystemClock, type ManualClock } from '@sextant/firmware-bridge/clock';
import { fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import {
  ddbi,
  ddbm,
  encodeBeaconFrame,
  metres,
  type RadioDeclaration,
  type UnixMs,
  unixMs,
} from '@sextant/firmware-bridge/protocol';
import { type GatewayEui, parseGatewayEui } from '@sextant/firmware-bridge/radio';
import { type Logger, pino } from 'pino';
import { FakeDriver } from './fake-driver.ts';
import { DEMO, TestOracle } from './test-oracle.ts';

const GENESIS_MS = unixMs(1_700_000_000_000);
export const timing = { genesisMs: GENESIS_MS, ...DEMO };

export const eui = (n: number): GatewayEui => {
  const parsed = parseGatewayEui(n.toString(16).padStart(16, '0'));
  if (!parsed) throw new RangeError(`no EUI: ${n}`);
  return parsed;
};

export const radio: RadioDeclaration = {
  regionPlan: 'EU868',
  antennaGainDdbi: ddbi(20),
  txPowerLevelsDdbm: [ddbm(100), ddbm(120), ddbm(140)],
};

const CELL = 0x891e2659c3bffffn;

/** A beacon frame of somebody, different for each number. */
export const beaconFrame = (n: number): Uint8Array => {
  const secret = new Uint8Array(32);
  new DataView(secret.buffer).setUint32(0, n);
  new DataView(secret.buffer).setUint32(16, n);
  return encodeBeaconFrame(secret);
};

export interface RunningBridge {
  readonly bridge: Bridge;
  readonly driver: FakeDriver;
  readonly participants: readonly ParticipantOptions[];
}

export interface BridgeSetup {
  readonly hotspots?: number;
  readonly surveys?: number;
  readonly seed?: string;
  readonly options?: Partial<BridgeOptions>;
  readonly hotspot?: Partial<HotspotOptions>;
  readonly position?: (options: SurveyDeviceOptions) => PositionSource;
  readonly logger?: Logger;
  /** Where key files and outbox are, within the harness's folder. */
  readonly name?: string;
}

/** A manual clock, a test oracle and a temporary folder; bridges on them; everything is gone after `end`. */
export class BridgeHarness {
  readonly folder: string;
  readonly clock: ManualClock;
  readonly oracle: TestOracle;
  readonly #bridges = new Set<Bridge>();

  private constructor(folder: string, clock: ManualClock, oracle: TestOracle) {
    this.folder = folder;
    this.clock = clock;
    this.oracle = oracle;
  }

  static async begin(startMs: number = GENESIS_MS): Promise<BridgeHarness> {
    const clock = createManualClock(unixMs(startMs), 5_000);
    const oracle = new TestOracle(clock, timing);
    await oracle.start();
    return new BridgeHarness(await mkdtemp(join(tmpdir(), 'bridge-')), clock, oracle);
  }

  async end(): Promise<void> {
    for (const bridge of this.#bridges) await bridge.stop();
    await this.oracle.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  async start(setup: BridgeSetup = {}): Promise<RunningBridge> {
    const { seed = 'seed', name = 'data', logger = pino({ enabled: false }) } = setup;
    const keysFolder = join(this.folder, name, 'keys');
    const participants = await this.#participants(setup, keysFolder, seed);
    const driver = new FakeDriver(
      this.clock,
      participants.map((participant) => participant.eui),
    );
    const options: BridgeOptions = {
      facts: this.oracle.facts(),
      participants,
      keysFolder,
      maxOutboxBytes: 4_000_000,
      maxUnsavedReports: 4_096,
      statusIntervalMs: 3_600_000,
      flushDelayMs: 500,
      maxInFlight: 8,
      ...setup.options,
    };
    const bridge = new Bridge(options, {
      driver,
      store: await openLevelStore(join(this.folder, name, 'outbox')),
      clock: this.clock,
      timers: createSystemClock(),
      random: createSeededRandom(seed),
      verify: fastVerifySignature,
      logger,
      createPositionSource: setup.position ?? noPosition,
      onLoginRefused: () => undefined,
    });
    this.#bridges.add(bridge);
    await bridge.start();
    return { bridge, driver, participants };
  }

  async stop({ bridge }: RunningBridge): Promise<void> {
    this.#bridges.delete(bridge);
    await bridge.stop();
  }

  async advance(byMs: number): Promise<void> {
    await this.clock.advanceTo(unixMs(this.clock.now() + byMs));
  }

  /** Time goes on in steps, and after each everything that was reported is receipted. */
  async advanceSettled(bridge: Bridge, toMs: UnixMs, stepMs: number): Promise<void> {
    while (this.clock.now() < toMs) {
      await this.clock.advanceTo(unixMs(Math.min(this.clock.now() + stepMs, toMs)));
      await bridge.idle();
    }
  }

  async #participants(setup: BridgeSetup, keysFolder: string, seed: string): Promise<ParticipantOptions[]> {
    const { hotspots = 1, surveys = 0 } = setup;
    const participants: ParticipantOptions[] = [];
    for (let i = 0; i < hotspots + surveys; i++) {
      const kind = i < hotspots ? 'hotspot' : 'survey_device';
      const id = await keyId(keysFolder, kind, `${seed}/${i}`);
      if (kind === 'survey_device') {
        participants.push({
          kind,
          id,
          eui: eui(i + 1),
          radio,
          intervalMs: 30_000,
          gpsd: { host: '127.0.0.1', port: 1 },
        });
        continue;
      }
      const place = { ...radio, cell: CELL, antennaAglM: metres(10), altitudeMslM: metres(300), canTransmit: true };
      participants.push({ kind, id, eui: eui(i + 1), place, ...setup.hotspot });
    }
    return participants;
  }
}

/** The keys of a seed, made on the first start and found on the next. */
async function keyId(folder: string, kind: 'hotspot' | 'survey_device', seed: string): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'keys-'));
  try {
    const { id } = await createParticipantKeys(scratch, kind, createSeededRandom(seed));
    await createParticipantKeys(folder, kind, createSeededRandom(seed)).catch(() => undefined);
    return id;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const noPosition = (): PositionSource => ({
  start: () => undefined,
  stop: () => Promise.resolve(),
  latest: () => undefined,
  problem: () => 'no receiver',
});
