import type { Clock } from '@sextant/firmware-bridge/clock';
import type { Timing } from '@sextant/firmware-bridge/protocol';
import {
  createInventingWitness,
  createReplayer,
  type InventingWitness,
  OVER_POWER_DB,
  ROOM_ATTENUATION_DB,
} from './cheats.ts';
import type { CityPlan, PlannedCar, PlannedHotspot } from './city-plan.ts';
import { type GpsdServer, startGpsdServer } from './gpsd-server.ts';
import { createSimGateway, type SimGateway } from './sim-gateway.ts';
import { type Air, createAir } from './world/air.ts';
import { createProjection } from './world/place.ts';
import { CITY_PROPAGATION, createPropagation } from './world/propagation.ts';
import { createRandom, type Random } from './world/random.ts';
import { createDrive } from './world/streets.ts';

export interface SimulationOptions {
  readonly plan: CityPlan;
  readonly timing: Timing;
  /** UDP port of the bridge that serves a gateway, by EUI. */
  readonly bridgePorts: Readonly<Record<string, number>>;
  /** TCP ports of the cars' GNSS receivers, by EUI; 0 = any. */
  readonly gpsdPorts: Readonly<Record<string, number>>;
}

export interface Simulation {
  /** Where each car's gpsd listens, by EUI. */
  readonly gpsdPorts: Readonly<Record<string, number>>;
  /** Frames put on the air, and receptions of them, so far. */
  counts(): { readonly sent: number; readonly heard: number };
  /** Nothing is sent or heard any more; gateways stay, and say no. */
  hush(): void;
  stop(): Promise<void>;
}

/** Sets the city going: antennas on one medium, packet forwarders to the bridges, cars with a GNSS receiver, cheats. */
export async function startSimulation(options: SimulationOptions, clock: Clock): Promise<Simulation> {
  const { plan } = options;
  const random = createRandom(`${plan.seed}/radio`);
  const counts = { sent: 0, heard: 0 };
  const inventors: InventingWitness[] = [];
  const air = createAir(createPropagation(CITY_PROPAGATION, random), random.fork('air'), {
    sent(frame) {
      counts.sent++;
      for (const inventor of inventors) inventor.overhear(frame);
    },
    heard() {
      counts.heard++;
    },
  });
  const world = { options, clock, air, random, inventors };

  const gateways = plan.hotspots.map((hotspot) => addHotspot(hotspot, world));
  const cars = await Promise.all(plan.cars.map((car) => addCar(car, world)));
  const everyone = [...gateways, ...cars.map(({ gateway }) => gateway)];
  await Promise.all(everyone.map((gateway) => gateway.start()));
  for (const inventor of inventors) inventor.start();

  return {
    gpsdPorts: Object.fromEntries(cars.map(({ gateway, gpsd }) => [gateway.eui, gpsd.port])),
    counts: () => ({ ...counts }),
    hush() {
      for (const gateway of everyone) gateway.hush();
    },
    async stop() {
      await Promise.all([...everyone.map((gateway) => gateway.stop()), ...cars.map(({ gpsd }) => gpsd.stop())]);
    },
  };
}

interface World {
  readonly options: SimulationOptions;
  readonly clock: Clock;
  readonly air: Air;
  readonly random: Random;
  readonly inventors: InventingWitness[];
}

function bridgePort({ options }: World, eui: string): number {
  const port = options.bridgePorts[eui];
  if (port === undefined) throw new Error(`no bridge serves gateway ${eui}`);
  return port;
}

const HIDDEN_GAIN_DB: Readonly<Partial<Record<NonNullable<PlannedHotspot['cheat']>, number>>> = {
  over_power: OVER_POWER_DB,
  one_room: ROOM_ATTENUATION_DB,
};

function addHotspot(hotspot: PlannedHotspot, world: World): SimGateway {
  const { clock, air } = world;
  const { eui, cheat } = hotspot;
  const random = world.random.fork(eui);
  const antenna = { name: eui, place: hotspot.place };
  const replay = cheat === 'replay' ? createReplayer(() => gateway, { clock, random }) : undefined;
  const gateway: SimGateway = createSimGateway(
    {
      eui,
      model: hotspot.model,
      gainDbi: hotspot.antennaGainDdbi / 10,
      hiddenGainDb: cheat === undefined ? 0 : (HIDDEN_GAIN_DB[cheat] ?? 0),
      serverPort: bridgePort(world, eui),
      antenna: () => antenna,
    },
    { clock, air, random, ...(replay ? { intercept: replay } : {}) },
  );
  if (cheat === 'invented_witness') {
    world.inventors.push(createInventingWitness(gateway, world.options.timing, { clock, random }));
  }
  return gateway;
}

async function addCar(car: PlannedCar, world: World): Promise<{ gateway: SimGateway; gpsd: GpsdServer }> {
  const { clock, air } = world;
  const random = world.random.fork(car.eui);
  const { plan } = world.options;
  const drive = createDrive(plan.radiusM, clock.now(), random.fork('drive'));
  const projection = createProjection(plan.centre);
  const fixAt = (atMs: number) => {
    const { place, speedMps } = drive(atMs);
    return { ...projection.toLatLng(place), speedMps, satellites: 9 + random.below(6), hdop: random.between(0.7, 1.4) };
  };
  const gpsd = await startGpsdServer(fixAt, clock, world.options.gpsdPorts[car.eui] ?? 0);
  const gateway = createSimGateway(
    {
      eui: car.eui,
      model: 'sx1302',
      gainDbi: 0,
      hiddenGainDb: 0,
      serverPort: bridgePort(world, car.eui),
      antenna: () => ({ name: car.eui, place: drive(clock.now()).place }),
    },
    { clock, air, random },
  );
  return { gateway, gpsd };
}
