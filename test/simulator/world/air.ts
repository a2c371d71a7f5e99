import type { Antenna, Propagation } from './propagation.ts';
import type { Random } from './random.ts';
import { receive } from './receiver.ts';

/** A frame on the air. */
export interface AirFrame {
  readonly phyPayload: Uint8Array;
  readonly frequencyHz: number;
  readonly spreadingFactor: number;
  readonly bandwidthHz: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** A frame as one antenna's concentrator measured it. */
export interface HeardFrame extends AirFrame {
  readonly rssiChannelDbm: number;
  readonly rssiSignalDbm: number;
  readonly snrDb: number;
  readonly frequencyOffsetHz: number;
}

export interface Listener {
  /** Where the antenna is now. */
  antenna(): Antenna;
  readonly gainDbi: number;
  hear(frame: HeardFrame): void;
}

/** The one medium all gateways of the world share. */
export interface Air {
  join(listener: Listener): void;
  /** `eirpDbm` leaves the antenna of `from`; whoever can decode it hears it. Nobody hears itself. */
  send(frame: AirFrame, from: Listener, eirpDbm: number): void;
}

export function createAir(propagation: Propagation, random: Random): Air {
  const listeners: Listener[] = [];
  return {
    join: (listener) => void listeners.push(listener),
    send(frame, from, eirpDbm) {
      for (const listener of listeners) {
        if (listener === from) continue;
        const loss = propagation.pathLossDb(from.antenna(), listener.antenna());
        const measured = receive(eirpDbm - loss + listener.gainDbi, frame.spreadingFactor, random);
        if (measured) listener.hear({ ...frame, ...measured, frequencyOffsetHz: Math.round(random.normal() * 800) });
      }
    },
  };
}
