import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { BEACON_FRAME_BYTES, bytesToHex } from '@sextant/firmware-bridge/protocol';
import { createSeededRandom } from '@sextant/firmware-bridge/random';
import type { EpochListItem } from '@sextant/oracle/api';
import { latLngToCell } from 'h3-js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Child } from '../network/child-process.ts';
import { countLog, sumOfReports } from '../network/log-census.ts';
import { OracleApi } from '../network/oracle-api.ts';
import { joinNetwork, type OwnedGateway, openOwnedKeys, writeBridgeFolder } from '../network/owners.ts';
import { findFreeUdpPort } from '../network/ports.ts';
import { DEFAULT_FORWARDER_OPTIONS, SemtechForwarder } from '../simulator/semtech-forwarder.ts';
import { noteFaults } from '../support/faults.ts';
import { runs } from '../support/runs.ts';

/**
 * The whole road of a report, with the oracle and the bridge killed again and again while gateways keep hearing beacons.
 * What a bridge took in and has not dropped openly must be in the log, once, and what is receipted above all.
 */
const KILLS = runs(40);
const FRAMES_A_SECOND = 60;
const GATEWAYS = 3;

const entryOf = (workspace: string): string =>
  fileURLToPath(new URL(`../../${workspace}/dist/cli.js`, import.meta.url));

const gateways: readonly OwnedGateway[] = Array.from({ length: GATEWAYS }, (_, i) => ({
  kind: 'hotspot',
  eui: `aa555a00000000${(i + 1).toString(16).padStart(2, '0')}`,
  table: {
    region: 'EU868',
    cell: latLngToCell(51.3 + i * 0.05, 12.4, 9),
    antenna_height_m: 12,
    altitude_m: 130,
    antenna_gain_dbi: 2,
    tx_power_levels_dbm: [12, 14],
  },
}));

interface BridgeCounts {
  readonly created: number;
  readonly receipted: number;
  readonly deadLettered: number;
  readonly dropped: number;
}

let folder: string;
let oracle: Child;
let bridge: Child;
const forwarders: SemtechForwarder[] = [];
const ports = { mqtt: 0, http: 0, udp: 0 };

async function freeTcpPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function startOracle(): Promise<Child> {
  const data = join(folder, 'oracle');
  const grid = ['--round', '10s', '--epoch', '20s', '--genesis-in', '0s'];
  const doors = ['--mqtt-port', String(ports.mqtt), '--http-port', String(ports.http)];
  const args = ['start', '--data', data, ...grid, ...doors];
  const child = new Child({ name: 'oracle', entry: entryOf('oracle'), args, logFile: join(folder, 'oracle.log') });
  await child.next('oracle/ready');
  return child;
}

const startBridge = (): Child =>
  new Child({
    name: 'bridge',
    entry: entryOf('firmware-bridge'),
    args: ['run', '--data', join(folder, 'bridge'), '--json-logs'],
    logFile: join(folder, 'bridge.log'),
  });

async function kill(child: Child): Promise<void> {
  child.kill();
  await child.exited;
}

interface StatusAnswer {
  readonly type: 'bridge/status';
  readonly id?: number;
  readonly status: {
    readonly participants: readonly {
      readonly outbox: { readonly totals: Record<keyof BridgeCounts, Record<string, number>> };
    }[];
  };
}

async function countBridge(): Promise<BridgeCounts> {
  const { status } = await bridge.request<StatusAnswer>({ type: 'bridge/status' }, 'bridge/status');
  const sum = (name: keyof BridgeCounts): number =>
    status.participants
      .flatMap(({ outbox }) => Object.values(outbox.totals[name]))
      .reduce((total, count) => total + count, 0);
  return {
    created: sum('created'),
    receipted: sum('receipted'),
    deadLettered: sum('deadLettered'),
    dropped: sum('dropped'),
  };
}

/** Beacons of hotspots nobody knows, each of them new: every one becomes a witness report. */
function hearBeacons(): () => void {
  let next = 0;
  const timer = setInterval(() => {
    const forwarder = forwarders[next++ % forwarders.length];
    const endMs = Date.now();
    forwarder?.receive({
      phyPayload: Uint8Array.of(0xe0, 0x53, 0x01, ...randomBytes(BEACON_FRAME_BYTES - 3)),
      frequencyHz: 868_100_000,
      spreadingFactor: 9,
      bandwidthHz: 125_000,
      rssiChannelDbm: -110,
      rssiSignalDbm: -112,
      snrDb: -3,
      startMs: endMs - 200,
      endMs,
    });
  }, 1_000 / FRAMES_A_SECOND);
  return () => clearInterval(timer);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kill-network-'));
  ports.mqtt = await freeTcpPort();
  ports.http = await freeTcpPort();
  ports.udp = await findFreeUdpPort();
  oracle = await startOracle();
  const api = new OracleApi(`http://127.0.0.1:${ports.http}`);
  const network = await api.network();
  const bridgeFolder = join(folder, 'bridge');
  const owned = await openOwnedKeys(bridgeFolder, gateways, createSeededRandom(bytesToHex(randomBytes(8))));
  const question = { type: 'oracle/invite', participant: 'hotspot', count: GATEWAYS };
  const invited = await oracle.request<{ type: 'oracle/invited'; id?: number; codes: string[] }>(
    question,
    'oracle/invited',
  );
  for (const [i, gateway] of owned.entries()) {
    await joinNetwork(api, network.networkId, gateway, invited.codes[i] ?? '');
  }
  await writeBridgeFolder(bridgeFolder, network, owned, {
    udpPort: ports.udp,
    batchDelayMs: 500,
    statusIntervalMin: 10,
  });
  bridge = startBridge();
  for (const { eui } of gateways) {
    const forwarder = new SemtechForwarder(
      { ...DEFAULT_FORWARDER_OPTIONS, eui, serverPort: ports.udp, keepaliveMs: 1_000 },
      { clock: createSystemClock(), randomToken: () => randomBytes(2).readUInt16BE(), onEmission: () => undefined },
    );
    await forwarder.start();
    forwarders.push(forwarder);
  }
}, 120_000);

afterAll(async () => {
  await Promise.all(forwarders.map((forwarder) => forwarder.stop()));
  await Promise.all([bridge?.stop(5_000), oracle?.stop(8_000)]);
  await rm(folder, { recursive: true, force: true });
});

it(
  `loses nothing while oracle and bridge are killed ${KILLS} times under load`,
  async () => {
    const stopHearing = hearBeacons();
    for (let i = 0; i < KILLS; i++) {
      await delay(300 + Math.floor((randomBytes(1)[0] as number) * 6));
      if (i % 2 === 0) {
        await kill(bridge);
        bridge = startBridge();
      } else {
        await kill(oracle);
        oracle = await startOracle();
      }
    }
    await delay(1_000);
    stopHearing();
    // A forwarder fetches what was heard every 10 ms: the last frame is not with the bridge yet, and no idling waits for it.
    await delay(500);
    await bridge.request({ type: 'bridge/idle' }, 'bridge/idle');
    await oracle.request({ type: 'oracle/settle' }, 'oracle/settled');

    const counts = await countBridge();
    expect(counts.created).toBeGreaterThan(FRAMES_A_SECOND);
    expect(counts.created).toBe(counts.receipted + counts.deadLettered + counts.dropped);
    expect(counts.deadLettered).toBe(0);

    const url = `http://127.0.0.1:${ports.http}`;
    const { validators } = await new OracleApi(url).network();
    const census = async (): Promise<{ readonly copies: number; readonly reports: number }> => {
      const log = await countLog(url, validators[0] ?? { id: '', origin: '' });
      return { copies: log.copies, reports: sumOfReports(log) };
    };
    // The public checkpoint is at most a second behind.
    await expect.poll(census, { timeout: 10_000, interval: 500 }).toEqual({ copies: 0, reports: counts.receipted });
    noteFaults('sigkill', KILLS);
  },
  60_000 + KILLS * 20_000,
);

it('makes the database anew from the log when it is deleted while everything runs', async () => {
  const api = new OracleApi(`http://127.0.0.1:${ports.http}`);
  const isJudged = async () => (await api.epochs(50)).some(({ outcomes }) => outcomes.insufficient > 0);
  await expect.poll(isJudged, { timeout: 120_000, interval: 1_000 }).toBe(true);
  const before = await api.epochs(50);
  const cluster = join(folder, 'oracle', 'postgres');
  const [postmaster] = await findPostmasters(cluster);
  process.kill(postmaster ?? 0, 'SIGKILL');
  await rm(cluster, { recursive: true, force: true, maxRetries: 10 });

  const sameEpochs = async (): Promise<readonly EpochListItem[]> => {
    const after = await api.epochs(50).catch(() => []);
    return after.filter(({ epoch }) => before.some((known) => known.epoch === epoch));
  };
  await expect.poll(sameEpochs, { timeout: 90_000, interval: 1_000 }).toEqual(before);
}, 300_000);

/** Servers whose data folder lies in `folder`. */
async function findPostmasters(folder: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    const command = /^\d+$/.test(name) ? await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '') : '';
    if (/bin\/postgres\0/.test(command) && command.includes(folder)) found.push(Number(name));
  }
  return found;
}
