import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { OutboxPartition } from '../outbox/partition.ts';
import {
  bytesToHex,
  decodeReport,
  encodeReport,
  parseBeaconFrame,
  type Timing,
  type WitnessReport,
  witnessCommitment,
} from '../protocol/index.ts';
import type { ReceivedFrame } from '../radio/gateway-driver.ts';

export interface WitnessReporterModules {
  readonly partition: Pick<OutboxPartition, 'add' | 'findState'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The witness's key. */
  readonly publicKey: Uint8Array;
  /** Whether a tag is of a transmission of this very participant. */
  readonly isOwn: (tag: Uint8Array) => boolean;
  /** A report is on its way into the outbox. */
  readonly onReported: () => void;
}

export interface WitnessCounts {
  readonly reported: number;
  /** The same beacon again: by another antenna, or replayed by somebody. */
  readonly repeated: number;
  readonly own: number;
  /** Frames with values that no radio gives: the wire format cannot carry them. */
  readonly unusable: number;
}

const PREFIX = 'heard/';
/** Most beacons remembered: far more than two epochs bring to any place. */
const REMEMBERED_MAX = 100_000;

/**
 * Makes a report of each beacon heard, once. Two reports of one witness about one beacon make both void, so what was
 * reported is remembered over restarts for two epochs: else whoever replays a beacon on the air would void its witnesses.
 */
export class WitnessReporter {
  readonly #timing: Timing;
  readonly #modules: WitnessReporterModules;
  /** When each beacon was heard, by tag and nonce, oldest first. */
  readonly #heard = new Map<string, number>();
  #counts = { reported: 0, repeated: 0, own: 0, unusable: 0 };

  constructor(timing: Timing, modules: WitnessReporterModules) {
    this.#timing = timing;
    this.#modules = modules;
  }

  async load(): Promise<void> {
    const stored = await this.#modules.partition.findState(PREFIX);
    const entries = stored.map(
      ({ key, value }) => [key.slice(PREFIX.length), Number(Buffer.from(value).toString())] as const,
    );
    for (const [name, atMs] of entries.toSorted((a, b) => a[1] - b[1])) this.#heard.set(name, atMs);
  }

  counts(): WitnessCounts {
    return { ...this.#counts };
  }

  /** Takes a frame; undefined when it is no beacon of this protocol. Resolves when a report is safe in the outbox. */
  take(frame: ReceivedFrame): Promise<void> | undefined {
    const beacon = parseBeaconFrame(frame.phyPayload);
    if (!beacon) return undefined;
    const name = bytesToHex(beacon.tag) + bytesToHex(beacon.nonce);
    if (this.#modules.isOwn(beacon.tag)) this.#counts.own++;
    else if (this.#heard.has(name)) this.#counts.repeated++;
    else return this.#report(name, toReport(frame, beacon, this.#modules.publicKey));
    return Promise.resolve();
  }

  async #report(name: string, report: WitnessReport): Promise<void> {
    const { partition, clock, logger, onReported } = this.#modules;
    if (!decodeReport(encodeReport(report)).ok) {
      this.#counts.unusable++;
      return;
    }
    this.#heard.set(name, clock.now());
    const forgotten = this.#forget();
    const state = [{ key: PREFIX + name, value: Buffer.from(String(clock.now())) }, ...forgotten];
    const stored = partition.add([report], state);
    onReported();
    if ((await stored) === 'dropped') return;
    this.#counts.reported++;
    const { snrDdb, rssiSignalDdbm, rssiChannelDdbm, spreadingFactor } = report;
    const rssiDdbm = rssiSignalDdbm ?? rssiChannelDdbm;
    logger.info({ tag: bytesToHex(report.beaconTag), rssiDdbm, snrDdb, spreadingFactor }, 'beacon heard');
  }

  #forget(): { readonly key: string; readonly value: undefined }[] {
    const oldestMs = this.#modules.clock.now() - 2 * this.#timing.epochMs - this.#timing.epochGraceMs;
    const changes: { readonly key: string; readonly value: undefined }[] = [];
    for (const [name, atMs] of this.#heard) {
      if (atMs >= oldestMs && this.#heard.size <= REMEMBERED_MAX) break;
      this.#heard.delete(name);
      changes.push({ key: PREFIX + name, value: undefined });
    }
    return changes;
  }
}

/** Both RSSIs as the gateway gave them, neither made from the other. */
function toReport(
  frame: ReceivedFrame,
  { tag, nonce }: { readonly tag: Uint8Array; readonly nonce: Uint8Array },
  witness: Uint8Array,
): WitnessReport {
  const { frequencyHz, spreadingFactor, snrDdb, receivedAtMs, gatewayTimeUs } = frame;
  const { rssiChannelDdbm, rssiSignalDdbm, fineTimeNs, gpsTimeNs, frequencyOffsetHz, antennaIndex } = frame;
  return {
    kind: 'witness',
    beaconTag: tag,
    commitment: witnessCommitment(nonce, witness),
    frequencyHz,
    spreadingFactor,
    bandwidthHz: frame.bandwidthHz as WitnessReport['bandwidthHz'],
    ...(rssiChannelDdbm === undefined ? {} : { rssiChannelDdbm }),
    ...(rssiSignalDdbm === undefined ? {} : { rssiSignalDdbm }),
    snrDdb,
    receivedAtMs,
    gatewayTimeUs,
    ...(fineTimeNs === undefined ? {} : { fineTimeNs }),
    ...(gpsTimeNs === undefined ? {} : { gpsTimeNs }),
    ...(frequencyOffsetHz === undefined ? {} : { frequencyOffsetHz }),
    ...(antennaIndex === undefined ? {} : { antennaIndex }),
  };
}
