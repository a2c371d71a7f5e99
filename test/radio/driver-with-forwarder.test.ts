import { createManualClock, type ManualClock } from '@sextant/firmware-bridge/clock';
import { ddbm, hertz, unixMs } from '@sextant/firmware-bridge/protocol';
import {
  DEFAULT_GATEWAY_SETTINGS,
  DEFAULT_SEMTECH_UDP_OPTIONS,
  type GatewayEui,
  type GatewaySettings,
  type GatewayWarning,
  parseGatewayEui,
  type ReceivedFrame,
  SemtechUdpDriver,
  type TransmitRequest,
  type TransmitResult,
} from '@sextant/firmware-bridge/radio';
import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Reception } from '../simulator/forwarder-uplink.ts';
import {
  DEFAULT_FORWARDER_OPTIONS,
  type Emission,
  SemtechForwarder,
  type SemtechForwarderOptions,
} from '../simulator/semtech-forwarder.ts';

const advance = (clock: ManualClock, byMs: number): Promise<void> => clock.advanceTo(unixMs(clock.now() + byMs));

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const eui = (text: string): GatewayEui => parseGatewayEui(text) ?? expect.fail(text);
const FIRST = eui('aa555a0000000001');
const SECOND = eui('aa555a0000000002');

const REQUEST: TransmitRequest = {
  phyPayload: Uint8Array.from({ length: 23 }, (_, i) => (i === 0 ? 0xe0 : i)),
  frequencyHz: hertz(868_100_000),
  spreadingFactor: 9,
  bandwidthHz: hertz(125_000),
  txPowerDdbm: ddbm(140),
  maxTxPowerDdbm: ddbm(160),
};

/** A bridge's driver and gateways on one clock that only the test moves; the packets are real. */
class Bench {
  readonly clock = createManualClock();
  readonly frames: ReceivedFrame[] = [];
  readonly warnings: GatewayWarning[] = [];
  readonly presence: string[] = [];
  readonly emissions: Emission[] = [];
  readonly driver: SemtechUdpDriver;
  #token = 0;

  constructor(settings: Partial<GatewaySettings> = {}, port = 0) {
    this.driver = new SemtechUdpDriver(
      { ...DEFAULT_SEMTECH_UDP_OPTIONS, port },
      {
        clock: this.clock,
        logger: pino({ level: 'silent' }),
        randomToken: () => this.#token++,
        settingsFor: (asked) =>
          asked === FIRST || asked === SECOND ? { ...DEFAULT_GATEWAY_SETTINGS, ...settings } : undefined,
      },
    );
  }

  async start(): Promise<this> {
    await this.driver.start({
      frameReceived: (frame) => this.frames.push(frame),
      gatewaySeen: (seen) => this.presence.push(`+${seen}`),
      gatewayLost: (lost) => this.presence.push(`-${lost}`),
      statusReceived: () => undefined,
      warned: (warning) => this.warnings.push(warning),
    });
    cleanups.push(() => this.driver.stop());
    return this;
  }

  /** A forwarder that has been started; connected once its first PULL_DATA has arrived. */
  async forwarder(
    options: Partial<SemtechForwarderOptions> = {},
    port = this.driver.port(),
  ): Promise<SemtechForwarder> {
    const forwarder = new SemtechForwarder(
      { ...DEFAULT_FORWARDER_OPTIONS, eui: FIRST, serverPort: port, ...options },
      {
        clock: this.clock,
        randomToken: () => this.#token++,
        onEmission: (emission) => this.emissions.push(emission),
      },
    );
    await forwarder.start();
    cleanups.push(() => forwarder.stop());
    return forwarder;
  }

  async connected(gateway: GatewayEui = FIRST): Promise<void> {
    await vi.waitFor(
      () => expect(this.driver.gateways()).toContainEqual(expect.objectContaining({ eui: gateway, connected: true })),
      { interval: 1 },
    );
  }

  /** Transmits, and lets enough time pass for the frame to start. */
  async transmit(change: Partial<TransmitRequest> = {}, from = FIRST): Promise<TransmitResult> {
    const result = await this.driver.transmit(from, { ...REQUEST, ...change });
    await advance(this.clock, 2_000);
    return result;
  }
}

const reception = (clock: ManualClock, change: Partial<Reception> = {}): Reception => ({
  phyPayload: REQUEST.phyPayload,
  frequencyHz: 868_100_000,
  spreadingFactor: 9,
  bandwidthHz: 125_000,
  rssiChannelDbm: -104,
  rssiSignalDbm: -108,
  snrDb: -3.2,
  startMs: clock.now() - 206,
  endMs: clock.now(),
  ...change,
});

describe('a beacon through a packet forwarder', () => {
  it('goes on the air as other gateways can receive it, at the power asked for', async () => {
    const bench = await new Bench().start();
    await bench.forwarder();
    await bench.connected();
    const sentAtMs = bench.clock.now();
    expect(await bench.transmit()).toEqual({ outcome: 'sent', sentAtMs, actualPowerDdbm: 140 });
    expect(bench.emissions).toEqual([
      {
        eui: FIRST,
        phyPayload: REQUEST.phyPayload,
        frequencyHz: 868_100_000,
        spreadingFactor: 9,
        bandwidthHz: 125_000,
        powerDbm: 14,
        invertedIq: false,
        crc: true,
        startMs: sentAtMs + 80,
        endMs: expect.closeTo(sentAtMs + 80 + 205.824, 3),
      },
    ]);
  });

  it('of an sx1302 above its table goes at its best, which is learned', async () => {
    const bench = await new Bench().start();
    await bench.forwarder();
    await bench.connected();
    const loud = { txPowerDdbm: ddbm(300), maxTxPowerDdbm: ddbm(300) };
    expect(await bench.transmit(loud)).toMatchObject({ outcome: 'sent', actualPowerDdbm: 270 });
    expect(await bench.transmit(loud)).toMatchObject({ outcome: 'sent', actualPowerDdbm: 270 });
    expect(bench.emissions.map(({ powerDbm }) => powerDbm)).toEqual([27, 27]);
    expect(bench.driver.gateways()).toMatchObject([{ powerLevelsDdbm: [270] }]);
  });

  it('of an sx1302 below its table goes louder than asked: told once, refused beforehand when that is too loud', async () => {
    const bench = await new Bench().start();
    await bench.forwarder();
    await bench.connected();
    const quiet = { txPowerDdbm: ddbm(100), maxTxPowerDdbm: ddbm(100) };
    expect(await bench.transmit(quiet)).toMatchObject({ outcome: 'sent', actualPowerDdbm: 120 });
    expect(await bench.transmit(quiet)).toMatchObject({ outcome: 'refused', reason: 'tx_power', maybeSent: false });
    expect(await bench.transmit({ ...quiet, maxTxPowerDdbm: ddbm(120) })).toMatchObject({ actualPowerDdbm: 120 });
    expect(bench.emissions.map(({ powerDbm }) => powerDbm)).toEqual([12, 12]);
  });

  it('of an sx1301 is tried lower until the table has the level, and goes out once', async () => {
    const bench = await new Bench().start();
    await bench.forwarder({ model: 'sx1301' });
    await bench.connected();
    expect(await bench.transmit({ txPowerDdbm: ddbm(150) })).toMatchObject({ outcome: 'sent', actualPowerDdbm: 140 });
    const loud = { txPowerDdbm: ddbm(190), maxTxPowerDdbm: ddbm(190) };
    expect(await bench.transmit(loud)).toMatchObject({ outcome: 'sent', actualPowerDdbm: 160 });
    expect(bench.emissions.map(({ powerDbm }) => powerDbm)).toEqual([14, 16]);
  });

  it('of an sx1301 that has nothing near is refused, with the reason', async () => {
    const bench = await new Bench().start();
    await bench.forwarder({ model: 'sx1301' });
    await bench.connected();
    expect(await bench.transmit({ txPowerDdbm: ddbm(-70) })).toMatchObject({ outcome: 'refused', reason: 'tx_power' });
    expect(bench.emissions).toEqual([]);
  });

  it.each(['sx1302', 'sx1301'] as const)(
    'leaves an %s with antenna_gain 3 at the conducted power asked for',
    async (model) => {
      const bench = await new Bench({ forwarderAntennaGainDbi: 3 }).start();
      await bench.forwarder({ model, antennaGainDbi: 3 });
      await bench.connected();
      expect(await bench.transmit()).toMatchObject({ outcome: 'sent', actualPowerDdbm: 140 });
      expect(bench.emissions).toMatchObject([{ powerDbm: 14 }]);
    },
  );

  it('is refused by the stock US915 configuration, with what to change; and goes out once that is done', async () => {
    const bench = await new Bench().start();
    const stock = await bench.forwarder({ txFreqMinHz: 923_000_000, txFreqMaxHz: 928_000_000 });
    await bench.connected();
    const american = { frequencyHz: hertz(904_300_000) };
    expect(await bench.transmit(american)).toMatchObject({ outcome: 'refused', reason: 'tx_freq' });
    await stock.stop();
    await advance(bench.clock, 60_000);
    await bench.forwarder({ txFreqMinHz: 902_000_000, txFreqMaxHz: 928_000_000 });
    await bench.connected();
    expect(await bench.transmit(american)).toMatchObject({ outcome: 'sent' });
  });

  it('of a gateway that must not transmit is dropped silently or refused, by its generation', async () => {
    const bench = await new Bench().start();
    const silent = await bench.forwarder({ txEnable: false });
    await bench.forwarder({ txEnable: false, model: 'sx1301', eui: SECOND });
    await bench.connected(FIRST);
    await bench.connected(SECOND);
    expect(await bench.transmit({}, SECOND)).toMatchObject({ reason: 'tx_freq' });
    const unanswered = bench.driver.transmit(FIRST, REQUEST);
    await vi.waitFor(() => expect(silent.droppedSilently()).toHaveLength(1));
    await advance(bench.clock, 5_000);
    expect(await unanswered).toMatchObject({ outcome: 'refused', reason: 'no_answer', maybeSent: true });
  });

  it('is confirmed by an answer from the other socket, and by one that says NONE', async () => {
    const bench = await new Bench().start();
    await bench.forwarder({ txAckFromUpSocket: true, saysErrorNone: true });
    await bench.connected();
    expect(await bench.transmit()).toMatchObject({ outcome: 'sent', actualPowerDdbm: 140 });
  });
});

describe('packets through a packet forwarder', () => {
  it('of an sx1302 carry both RSSI conventions, GPS time and fine time', async () => {
    const bench = await new Bench().start();
    const gps = { kind: 'locked', latitude: 1, longitude: 2, altitudeM: 3 } as const;
    const forwarder = await bench.forwarder({ gps, fineTimestamps: true });
    await advance(bench.clock, 250);
    forwarder.receive(reception(bench.clock, { frequencyOffsetHz: -742 }));
    await advance(bench.clock, 10);
    await vi.waitFor(() => expect(bench.frames).toHaveLength(1), { interval: 1 });
    expect(bench.frames).toEqual([
      {
        eui: FIRST,
        phyPayload: REQUEST.phyPayload,
        frequencyHz: 868_100_000,
        spreadingFactor: 9,
        bandwidthHz: 125_000,
        rssiChannelDdbm: -1040,
        rssiSignalDdbm: -1080,
        snrDdb: -32,
        frequencyOffsetHz: -742,
        fineTimeNs: 250_000_000,
        // 2023-11-14T22:13:20.250Z, 18 leap seconds since 1980-01-06.
        gpsTimeNs: (1_700_000_000_250n - 315_964_800_000n + 18_000n) * 1_000_000n,
        gatewayTimeUs: 250_000,
        receivedAtMs: bench.clock.now(),
      },
    ]);
  });

  it('of an sx1301 carry channel RSSI only', async () => {
    const bench = await new Bench().start();
    const forwarder = await bench.forwarder({ model: 'sx1301', fetchMs: 0 });
    forwarder.receive(reception(bench.clock));
    await vi.waitFor(() => expect(bench.frames).toHaveLength(1), { interval: 1 });
    expect(bench.frames[0]).toMatchObject({ rssiChannelDdbm: -1040, snrDdb: -32 });
    expect(bench.frames[0]).not.toHaveProperty('rssiSignalDdbm');
  });

  it('with a bad CRC are counted, not passed on', async () => {
    const bench = await new Bench().start();
    const forwarder = await bench.forwarder({ forwardCrcError: true, fetchMs: 0 });
    forwarder.receive(reception(bench.clock, { crc: 'bad' }));
    forwarder.receive(reception(bench.clock));
    await vi.waitFor(() => expect(bench.frames).toHaveLength(1), { interval: 1 });
    expect(bench.driver.refusals().get('rxpk_crc_not_ok')).toBe(1);
  });

  it('keep their order in time when the counter wraps', async () => {
    const bench = await new Bench().start();
    const forwarder = await bench.forwarder({ counterStartUs: 2 ** 32 - 1_000_000, fetchMs: 0 });
    await advance(bench.clock, 500);
    forwarder.receive(reception(bench.clock));
    await advance(bench.clock, 1_000);
    forwarder.receive(reception(bench.clock));
    await vi.waitFor(() => expect(bench.frames).toHaveLength(2), { interval: 1 });
    expect(bench.frames.map(({ gatewayTimeUs }) => gatewayTimeUs)).toEqual([2 ** 32 - 500_000, 2 ** 32 + 500_000]);
  });

  it('of one gateway reach another: the witness hears what the beaconer sent', async () => {
    const bench = await new Bench().start();
    await bench.forwarder();
    const witness = await bench.forwarder({ eui: SECOND, fetchMs: 0 });
    await bench.connected(FIRST);
    await bench.connected(SECOND);
    await bench.transmit();
    for (const { startMs, endMs, phyPayload } of bench.emissions) {
      witness.receive(reception(bench.clock, { startMs, endMs, phyPayload }));
    }
    await vi.waitFor(() => expect(bench.frames).toHaveLength(1), { interval: 1 });
    expect(bench.frames[0]).toMatchObject({ eui: SECOND, phyPayload: REQUEST.phyPayload });
  });
});

describe('the life of a gateway', () => {
  it('that was there first is reached after its next keepalive', async () => {
    const early = await new Bench().start();
    const port = early.driver.port();
    await early.driver.stop();
    const bench = new Bench({}, port);
    await bench.forwarder({}, port);
    await bench.start();
    expect(await bench.transmit()).toMatchObject({ reason: 'not_connected' });
    await advance(bench.clock, 10_000);
    await bench.connected();
    expect(await bench.transmit()).toMatchObject({ outcome: 'sent' });
  });

  it('that belongs to nobody goes on: its PULL_DATA are acknowledged', async () => {
    const bench = await new Bench().start();
    const stranger = await bench.forwarder({ eui: 'aa555a00000000ff', autoquitThreshold: 2 });
    for (let pulls = 1; pulls <= 5; pulls++) {
      await vi.waitFor(() => expect(stranger.unacknowledgedPulls()).toBe(0), { interval: 1 });
      await advance(bench.clock, 10_000);
    }
    expect(stranger.hasQuit()).toBe(false);
    expect(bench.warnings).toMatchObject([{ kind: 'unknown_gateway', eui: 'aa555a00000000ff' }]);
  });

  it('with a position typed in is shown, and the position goes nowhere', async () => {
    const bench = await new Bench().start();
    const gps = { kind: 'fake', latitude: 48.13, longitude: 11.57, altitudeM: 520 } as const;
    const forwarder = await bench.forwarder({ gps, fetchMs: 0 });
    forwarder.receive(reception(bench.clock));
    await advance(bench.clock, 30_000);
    await vi.waitFor(() => expect(bench.warnings).toHaveLength(1), { interval: 1 });
    expect(bench.warnings).toMatchObject([{ kind: 'position_without_gps_time', eui: FIRST }]);
    expect(
      JSON.stringify([bench.frames, bench.driver.gateways()], (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      ),
    ).not.toMatch(/48\.13|11\.57/);
  });
});
