import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../clock/manual-clock.ts';
import { createSeedSigner } from '../crypto/native-ed25519.ts';
import { openLevelStore } from '../outbox/level-store.ts';
import { Outbox } from '../outbox/outbox.ts';
import type { OutboxPartition } from '../outbox/partition.ts';
import { ddbi, ddbm, encodeBeaconFrame, hertz, REGION_PLANS, type Timing, unixMs } from '../protocol/index.ts';
import type { GatewayDriver, TransmitRequest } from '../radio/gateway-driver.ts';
import { type GatewayEui, parseGatewayEui } from '../radio/gateway-eui.ts';
import { createSeededRandom } from '../random.ts';
import { AirtimeLedger, parseAirtimeState } from './airtime-ledger.ts';
import { PendingReveals } from './pending-reveals.ts';
import { AIRTIME_STATE_KEY, BeaconTransmitter, type PlannedBeacon } from './transmission.ts';

const clock = createManualClock();
const timing: Timing = {
  genesisMs: clock.now(),
  slotMs: 60_000,
  roundMs: 21_600_000,
  epochMs: 86_400_000,
  clockMarginMs: 120_000,
  epochGraceMs: 300_000,
};
const eui = parseGatewayEui('0000000000000001') as GatewayEui;
const logger = pino({ enabled: false });

let folder: string;
let outbox: Outbox;
let partition: OutboxPartition;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'transmission-'));
  const store = await openLevelStore(folder);
  const random = createSeededRandom('x');
  const options = { networkId: 'test', maxBytes: 1e6, maxUnsavedReports: 100 };
  outbox = new Outbox(options, { store, clock, timers: clock, logger, random });
  partition = await outbox.openPartition(createSeedSigner(new Uint8Array(32)), 'a');
});
afterEach(async () => {
  await outbox.close();
  await rm(folder, { recursive: true, force: true });
});

/** A gateway that takes everything; what was on disk when it was asked is noted. */
function driverNoting(requests: TransmitRequest[], onDisk: string[][]): GatewayDriver {
  return {
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    refusals: () => new Map(),
    gateways: () => [
      {
        eui,
        gatewayInterface: 'semtech_udp',
        canTransmit: true,
        connected: true,
        lastSeenMs: clock.now(),
        powerLevelsDdbm: [],
      },
    ],
    async transmit(_eui, request) {
      requests.push(request);
      onDisk.push((await partition.findState('')).map(({ key }) => key));
      return { outcome: 'sent', sentAtMs: clock.now(), actualPowerDdbm: ddbm(120) };
    },
  };
}

const planned = (n: number): PlannedBeacon => ({
  name: `beacon-${n}`,
  slot: 0,
  latestMs: unixMs(clock.now() + 1_000),
  frame: encodeBeaconFrame(new Uint8Array(32).fill(n)),
  parameters: { slotInRound: 0, frequencyHz: hertz(868_100_000), spreadingFactor: 12, txPowerDdbm: ddbm(140) },
  radio: { regionPlan: 'EU868', antennaGainDdbi: ddbi(20), txPowerLevelsDdbm: [ddbm(140)] },
  state: [],
  toReport: (transmission) => ({ kind: 'beacon', round: n, chainLink: new Uint8Array(32).fill(1), ...transmission }),
});

describe('a transmission', () => {
  it('is on disk before it is on the air, with its airtime', async () => {
    const [requests, onDisk]: [TransmitRequest[], string[][]] = [[], []];
    const reveals = new PendingReveals(timing, { partition, clock, logger, onRevealed: () => undefined });
    const ledger = new AirtimeLedger({ plan: REGION_PLANS.EU868 });
    const driver = driverNoting(requests, onDisk);
    const modules = { driver, ledger, reveals, clock, clockOffset: () => undefined };
    const transmitter = new BeaconTransmitter({ eui, clockMarginMs: 120_000 }, modules);
    expect(await transmitter.send(planned(1))).toMatchObject({ sent: true, report: { txPowerActualDdbm: 120 } });
    expect(onDisk).toEqual([['airtime', 'reveal/beacon-1']]);
    expect(requests[0]).toMatchObject({ txPowerDdbm: 140, maxTxPowerDdbm: 140 });
    reveals.stop();
  });

  it('is refused before the gateway is asked when the duty cycle is used up, after a restart too', async () => {
    const [requests, onDisk]: [TransmitRequest[], string[][]] = [[], []];
    const reveals = new PendingReveals(timing, { partition, clock, logger, onRevealed: () => undefined });
    const driver = driverNoting(requests, onDisk);
    const send = async (n: number) => {
      const [stored] = await partition.findState(AIRTIME_STATE_KEY);
      const state = stored && parseAirtimeState(JSON.parse(Buffer.from(stored.value).toString()));
      const plan = REGION_PLANS.EU868;
      const ledger = new AirtimeLedger(state ? { plan, state } : { plan });
      const modules = { driver, ledger, reveals, clock, clockOffset: () => undefined };
      return new BeaconTransmitter({ eui, clockMarginMs: 120_000 }, modules).send(planned(n));
    };
    // 1 % of an hour is 36 s; one frame at SF12 takes 1.48 s: 24 of them.
    for (let n = 0; n < 24; n++) expect(await send(n)).toMatchObject({ sent: true });
    expect(await send(24)).toMatchObject({ sent: false, reason: 'airtime' });
    expect(requests).toHaveLength(24);
    expect(reveals.count).toBe(24);
    reveals.stop();
  });
});
