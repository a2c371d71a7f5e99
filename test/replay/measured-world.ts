import type { ManualClock } from '@sextant/firmware-bridge/clock';
import { type UnixMs, unixMs } from '@sextant/firmware-bridge/protocol';
import type { RandomSource } from '@sextant/firmware-bridge/random';
import { latLngToCell } from 'h3-js';
import type { OwnedGateway } from '../network/owners.ts';
import { type GpsdServer, startGpsdServer } from '../simulator/gpsd-server.ts';
import { DEFAULT_FORWARDER_OPTIONS, type Emission, SemtechForwarder } from '../simulator/semtech-forwarder.ts';
import type { Place } from './links-csv.ts';
import { MeasuredCarrier } from './measured-carrier.ts';
import type { MeasuredPacket, ReplayPlan } from './replay-plan.ts';

/** Cars that go round the test points at the same time. */
const SURVEY_DEVICES = 20;
/** A bridge does not use a fix that is older than six seconds. */
const FIX_EVERY_MS = 4_000;
const CELL_RESOLUTION = 9;
const REGION = 'EU868';
/** Every antenna is asserted at this height, metres above ground and above sea. */
const MAST = { antenna_height_m: 50, altitude_m: 300 } as const;
/** 14 dBm EIRP, as the measuring device had. */
const RADIO = { region: REGION, antenna_gain_dbi: 0, tx_power_levels_dbm: [14] } as const;

/** A gateway of the replay: what its owner configures, and whether it says again what was measured. */
export interface WorldGateway {
  readonly owned: OwnedGateway;
  /** Of the gateways that only receive: as the file names it. */
  readonly name?: string;
  readonly carrier?: MeasuredCarrier;
}

/** A reception that was told to a bridge. */
export interface ToldReception {
  readonly row: number;
  /** EUIs. */
  readonly gateway: string;
  readonly sender: string;
  readonly endMs: number;
}

const EUI_RECEIVER = 0xb5550000_00000000n;
const EUI_SURVEY = 0xb5550001_00000000n;
const EUI_BEACON = 0xb5550002_00000000n;

/**
 * The gateways of a measurement: receivers where they were inferred to stand, survey cars that go from test point to test
 * point, and a hotspot at each test point that has something only a beacon can carry.
 */
export class MeasuredWorld {
  readonly gateways: readonly WorldGateway[];
  readonly told: ToldReception[] = [];
  readonly #clock: ManualClock;
  readonly #forwarders = new Map<string, SemtechForwarder>();
  readonly #euiOfName: ReadonlyMap<string, string>;
  #gpsd: GpsdServer[] = [];
  #onAir = 0;

  private constructor(gateways: readonly WorldGateway[], gpsd: GpsdServer[], clock: ManualClock) {
    this.gateways = gateways;
    this.#gpsd = gpsd;
    this.#clock = clock;
    this.#euiOfName = new Map(gateways.flatMap(({ name, owned }) => (name === undefined ? [] : [[name, owned.eui]])));
  }

  static async open(plan: ReplayPlan, clock: ManualClock): Promise<MeasuredWorld> {
    const receivers = plan.gateways.map(({ name, place }, i) => ({
      name,
      owned: hotspot(eui(EUI_RECEIVER, i), place, { listen_only: true }),
    }));
    const gpsd: GpsdServer[] = [];
    const cars: WorldGateway[] = [];
    const routes = planRoutes(plan);
    for (const [i, route] of routes.entries()) {
      const carrier = new MeasuredCarrier(route.map(({ place, surveyed }) => ({ place, packets: surveyed })));
      const receiver = await startGpsdServer(() => carrier.fix(), clock, 0, FIX_EVERY_MS);
      gpsd.push(receiver);
      const table = { ...RADIO, gpsd: `127.0.0.1:${receiver.port}` };
      cars.push({ owned: { kind: 'survey_device', eui: eui(EUI_SURVEY, i), table }, carrier });
    }
    const beacons = plan.points.flatMap(({ place, beaconed }, i) =>
      beaconed.length === 0
        ? []
        : [{ owned: hotspot(eui(EUI_BEACON, i), place), carrier: new MeasuredCarrier([{ place, packets: beaconed }]) }],
    );
    return new MeasuredWorld([...receivers, ...cars, ...beacons], gpsd, clock);
  }

  /** Packet forwarders start to speak to their bridges; `portOf` by EUI. */
  async start(portOf: (eui: string) => number, random: RandomSource): Promise<void> {
    for (const { owned, carrier } of this.gateways) {
      const tokens = random.fork(`forwarder/${owned.eui}`);
      const forwarder = new SemtechForwarder(
        {
          ...DEFAULT_FORWARDER_OPTIONS,
          eui: owned.eui,
          // It tells channel RSSI only, which is what was measured.
          model: carrier ? 'sx1302' : 'sx1301',
          serverPort: portOf(owned.eui),
          keepaliveMs: 20_000,
          statMs: 3_600_000,
        },
        {
          clock: this.#clock,
          randomToken: () => tokens.below(0x10000),
          onEmission: (emission) => this.#carry(emission, carrier),
          hasRoomFor: (frame) => carrier?.hasRoomFor(frame) ?? false,
        },
      );
      this.#forwarders.set(owned.eui, forwarder);
      await forwarder.start();
    }
  }

  depart(): void {
    for (const { carrier } of this.gateways) carrier?.depart();
  }

  /** Every packet was sent, and everybody who received it was told. */
  get isDone(): boolean {
    return this.#onAir === 0 && this.gateways.every(({ carrier }) => carrier?.isDone ?? true);
  }

  /** Transmissions that were ordered at spreading factors that could not have carried what waited. */
  get refused(): number {
    return this.gateways.reduce((sum, { carrier }) => sum + (carrier?.refused ?? 0), 0);
  }

  unacknowledgedPushes(): number {
    let sum = 0;
    for (const forwarder of this.#forwarders.values()) sum += forwarder.unacknowledgedPushes();
    return sum;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#forwarders.values()].map((forwarder) => forwarder.stop()));
    await Promise.all(this.#gpsd.map((server) => server.stop()));
  }

  #carry(emission: Emission, carrier: MeasuredCarrier | undefined): void {
    const packet = carrier?.takeCarried();
    if (!packet) return;
    this.#onAir++;
    this.#clock.at(unixMs(Math.ceil(emission.endMs)) as UnixMs, () => {
      this.#onAir--;
      this.#deliver(packet, emission);
    });
  }

  #deliver(packet: MeasuredPacket, emission: Emission): void {
    const { phyPayload, frequencyHz, spreadingFactor, bandwidthHz, startMs, endMs, eui: sender } = emission;
    for (const { row, gateway, rssiDbm, snrDb } of packet.receptions) {
      const receiver = this.#euiOfName.get(gateway) ?? '';
      const levels = { rssiChannelDbm: rssiDbm, rssiSignalDbm: rssiDbm, snrDb };
      this.#forwarders
        .get(receiver)
        ?.receive({ phyPayload, frequencyHz, spreadingFactor, bandwidthHz, startMs, endMs, ...levels });
      this.told.push({ row, gateway: receiver, sender, endMs });
    }
  }
}

/** Test points in the order of the measurement, dealt out to the cars. */
function planRoutes({ points }: ReplayPlan): ReplayPlan['points'][] {
  const surveyed = points.filter((point) => point.surveyed.length > 0);
  const cars = Math.min(SURVEY_DEVICES, surveyed.length);
  return Array.from({ length: cars }, (_, i) => surveyed.filter((_point, n) => n % cars === i));
}

function hotspot(id: string, { latitude, longitude }: Place, more: OwnedGateway['table'] = {}): OwnedGateway {
  const cell = latLngToCell(latitude, longitude, CELL_RESOLUTION);
  return { kind: 'hotspot', eui: id, table: { ...RADIO, ...MAST, cell, ...more } };
}

const eui = (base: bigint, index: number): string => (base + BigInt(index + 1)).toString(16).padStart(16, '0');
