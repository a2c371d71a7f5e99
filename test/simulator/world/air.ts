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

/** Sees everything there is on the air. */
export interface AirObserver {
  sent(frame: AirFrame): void;
  heard(frame: HeardFrame): void;
}

export function createAir(propagation: Propagation, random: Random, observer: AirObserver): Air {
  const listeners: Listener[] = [];
  return {
    join: (listener) => void listeners.push(listener),
    send(frame, from, eirpDbm) {
      observer.sent(frame);
      for (const listener of listeners) {
        if (listener === from) continue;
        const loss = propagation.pathLossDb(from.antenna(), listener.antenna());
        const measured = receive(eirpDbm - loss + listener.gainDbi, frame.spreadingFactor, random);
        if (!measured) continue;
        const heard = { ...frame, ...measured, frequencyOffsetHz: Math.round(random.normal() * 800) };
        observer.heard(heard);
        listener.hear(heard);
      }
    },
  };
}
