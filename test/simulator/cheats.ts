import type { Clock } from '@sextant/firmware-bridge/clock';
import {
  BEACON_FRAME_BYTES,
  parseBeaconFrame,
  type Timing,
  timeOnAirUs,
  type UnixMs,
} from '@sextant/firmware-bridge/protocol';
import type { SimGateway } from './sim-gateway.ts';
import type { HeardFrame } from './world/air.ts';
import type { Random } from './world/random.ts';

/** An amplifier nobody declared: 2 W where 14 dBm are. */
export const OVER_POWER_DB = 19;
/** Attenuators instead of antennas: loud neighbours in one room look like a city's links, and nobody outside hears them. */
export const ROOM_ATTENUATION_DB = -62;

interface CheatModules {
  readonly clock: Clock;
  readonly random: Random;
}

/** Sends every beacon it hears once more, some seconds later and from its own place. */
export function createReplayer(gateway: () => SimGateway, modules: CheatModules): (frame: HeardFrame) => boolean {
  const seen = new Set<string>();
  return (frame) => {
    const name = Buffer.from(frame.phyPayload).toString('latin1');
    if (parseBeaconFrame(frame.phyPayload) && !seen.has(name)) {
      seen.add(name);
      if (seen.size > 10_000) seen.clear();
      const delayMs = modules.random.between(4_000, 9_000);
      modules.clock.at((modules.clock.now() + delayMs) as UnixMs, () => {
        const { spreadingFactor, bandwidthHz } = frame;
        const airtimeUs = timeOnAirUs({ phyBytes: BEACON_FRAME_BYTES, spreadingFactor, bandwidthHz });
        gateway().emit(frame, airtimeUs / 1000);
      });
    }
    return true;
  };
}

/** What a cheat can know of a frame that its radio never heard. */
export type PublicFrame = Pick<
  HeardFrame,
  'phyPayload' | 'frequencyHz' | 'spreadingFactor' | 'bandwidthHz' | 'startMs' | 'endMs'
>;

/**
 * A witness that invents. It claims frames that were never sent, and, as soon as a beacon's reveal can be read in the
 * public log (slot end + 2W), claims to have heard that one too, with an RSSI that fits.
 */
export interface InventingWitness {
  /** Tell it of every frame on the air: it uses each only when the public could know it. */
  overhear(frame: PublicFrame): void;
  start(): void;
}

export function createInventingWitness(
  gateway: SimGateway,
  timing: Timing,
  { clock, random }: CheatModules,
): InventingWitness {
  const claim = (frame: Omit<PublicFrame, 'startMs' | 'endMs'>): void => {
    const rssi = random.between(-118, -95);
    const endMs = clock.now();
    gateway.forward({
      ...frame,
      startMs: endMs - 100,
      endMs,
      rssiChannelDbm: rssi,
      rssiSignalDbm: rssi - 1,
      snrDb: random.between(-5, 8),
      frequencyOffsetHz: 0,
    });
  };
  const invent = (): void => {
    const phyPayload = Uint8Array.of(0xe0, 0x53, 0x01, ...random.bytes(BEACON_FRAME_BYTES - 3));
    claim({ phyPayload, frequencyHz: 868_100_000, spreadingFactor: 9, bandwidthHz: 125_000 });
    clock.at((clock.now() + timing.roundMs / 3) as UnixMs, invent);
  };
  return {
    start: invent,
    overhear(frame) {
      if (!parseBeaconFrame(frame.phyPayload) || random.next() > 0.2) return;
      const publicAtMs = frame.endMs + timing.slotMs + 2 * timing.clockMarginMs + 500;
      clock.at(publicAtMs as UnixMs, () => claim(frame));
    },
  };
}
