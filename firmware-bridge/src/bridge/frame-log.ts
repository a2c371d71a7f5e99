import { bytesToHex, parseBeaconFrame, type UnixMs } from '../protocol/index.ts';
import type { ReceivedFrame } from '../radio/gateway-driver.ts';

export interface FrameLine {
  readonly receivedAtMs: UnixMs;
  readonly frequencyHz: number;
  readonly spreadingFactor: number;
  readonly bytes: number;
  readonly snrDdb: number;
  readonly rssiChannelDdbm?: number;
  readonly rssiSignalDdbm?: number;
  /** Of a beacon of this protocol, in hex. */
  readonly beaconTag?: string;
}

export interface FrameLogStatus {
  readonly received: number;
  /** Newest first. */
  readonly last: readonly FrameLine[];
}

const KEPT = 10;

/** What a gateway has heard lately, beacons or not: the first thing to look at when nothing seems to arrive. */
export class FrameLog {
  #received = 0;
  #last: readonly FrameLine[] = [];

  take(frame: ReceivedFrame): void {
    this.#received++;
    const { receivedAtMs, frequencyHz, spreadingFactor, snrDdb, rssiChannelDdbm, rssiSignalDdbm, phyPayload } = frame;
    const beacon = parseBeaconFrame(phyPayload);
    const line: FrameLine = {
      receivedAtMs,
      frequencyHz,
      spreadingFactor,
      bytes: phyPayload.length,
      snrDdb,
      ...(rssiChannelDdbm === undefined ? {} : { rssiChannelDdbm }),
      ...(rssiSignalDdbm === undefined ? {} : { rssiSignalDdbm }),
      ...(beacon ? { beaconTag: bytesToHex(beacon.tag) } : {}),
    };
    this.#last = [line, ...this.#last.slice(0, KEPT - 1)];
  }

  status(): FrameLogStatus {
    return { received: this.#received, last: this.#last };
  }
}
