import type { Place } from '../../simulator/world/place.ts';

/** What stands about an antenna. */
export type Setting = 'roof' | 'indoor' | 'mountain' | 'street';

/** An antenna as it truly is. Several radios may share one: that is what a farm of keys does. */
export interface Antenna {
  /** Its own number: losses between two antennas that stay are remembered under it. */
  readonly index: number;
  readonly place: Place;
  readonly setting: Setting;
  /** Above the sea, metres. */
  readonly altitudeM: number;
  readonly gainDbi: number;
  /** Walls and roofs about it, beyond what the law of the place says, dB. */
  readonly clutterDb: number;
  /** Cars move: nothing about them is remembered. */
  readonly moves: boolean;
}

/** Which of the two RSSIs a gateway's forwarder passes on (Semtech packet forwarder: `rssi` channel, `rssis` signal). */
export type RssiConvention = 'channel' | 'signal' | 'both';

/** A concentrator and its computer, with their faults. */
export interface Receiver {
  /** A wrong `rssi_offset` of the board, dB. */
  readonly offsetDb: number;
  readonly noiseFigureDb: number;
  readonly convention: RssiConvention;
  /** How far its clock is off, ms. */
  readonly clockErrorMs: number;
  /** From the end of a frame to the server, ms. */
  readonly latencyMs: number;
}

/** What an owner says of a hotspot. */
export interface Claim {
  readonly place: Place;
  /** H3, as asserted: resolution 8, 9 or 10. */
  readonly cell: bigint;
  /** The same place as Helium asserts it: H3 resolution 12. */
  readonly point: string;
  readonly altitudeM: number;
  readonly gainDdbi: number;
}

/** One key of the world: what is true of it, and what it says. */
export interface Hotspot {
  /** Its place in the world's list. */
  readonly id: number;
  readonly key: Uint8Array;
  /** Equal numbers: one owner. */
  readonly owner: number;
  readonly antenna: Antenna;
  readonly receiver: Receiver;
  readonly claim: Claim;
  /** Conducted levels it declares, dBm. */
  readonly levelsDbm: readonly number[];
  /** An amplifier nobody declared, dB. */
  readonly extraPowerDb: number;
  readonly attacker: boolean;
  /** Audited: a grant by validators is in force. */
  readonly anchor: boolean;
  /** First epoch it takes part in. */
  readonly fromEpoch: number;
  /** Epoch from which it is dead. */
  readonly untilEpoch: number;
}

/** A granted car with a GNSS receiver. It only sends. */
export interface SurveyCar {
  /** Counted after the hotspots. */
  readonly name: string;
  readonly key: Uint8Array;
  readonly owner: number;
}

/** A frame that somebody revealed: it was sent, and its secret is public afterwards. */
export interface Transmission {
  readonly id: number;
  readonly sender: Hotspot | SurveyCar;
  readonly round: number;
  readonly startMs: number;
  readonly airtimeMs: number;
  readonly channel: number;
  readonly spreadingFactor: number;
  /** Conducted, as declared, dBm; the gain comes on top. */
  readonly levelDbm: number;
  /** As declared: level and declared gain, ddBm. */
  readonly eirpDdbm: number;
  /** As it leaves the antenna, dBm. */
  readonly trueEirpDbm: number;
  readonly antenna: Antenna;
  /** Where the sender says it was. */
  readonly cell: bigint;
  readonly claimedPlace: Place;
}

/** What a concentrator tells of one frame. */
export interface Measurement {
  /** Power of the signal at the antenna as this receiver measures it, dBm. */
  readonly signalDbm: number;
  readonly noiseDbm: number;
  readonly snrDb: number;
  /** From the start of the (first) frame to the end of what was heard, true time, ms. */
  readonly afterMs: number;
  /** Not the sender was heard, but somebody who sent its frame once more. */
  readonly isRepeat?: true;
}

/** A witness report as it reaches the network. */
export interface Reception {
  readonly transmission: Transmission;
  readonly witness: Hotspot;
  readonly rssiChannelDdbm?: number;
  readonly rssiSignalDdbm?: number;
  readonly snrDdb: number;
  /** On the witness's clock, ms after the sender's stamp. */
  readonly receivedAfterMs: number;
  /** When the server has it, ms. */
  readonly arrivedMs: number;
  /** The truth, which no rule is told: it heard a frame that somebody else sent once more. */
  readonly isRepeat?: true;
}

export const isHotspot = (sender: Hotspot | SurveyCar): sender is Hotspot => 'receiver' in sender;
