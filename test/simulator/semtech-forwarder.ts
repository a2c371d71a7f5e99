import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Cancel, Clock } from '@sextant/firmware-bridge/clock';
import { unixMs } from '@sextant/firmware-bridge/protocol';
import { type DownlinkFrame, type DownlinkOutcome, readPullResp, type TransmitConfig } from './forwarder-downlink.ts';
import { FORWARDER_MODELS, type ForwarderModel, type ForwarderModelName } from './forwarder-model.ts';
import { type GpsConfig, type Reception, unixMsAtGps, writeRxpk, writeStat, zeroCounts } from './forwarder-uplink.ts';
import { JitQueue, type JitRefusal } from './jit-queue.ts';

export interface SemtechForwarderOptions extends TransmitConfig {
  /** 16 hex digits. */
  readonly eui: string;
  readonly model: ForwarderModelName;
  readonly serverAddress: string;
  readonly serverPort: number;
  /** `keepalive_interval`. */
  readonly keepaliveMs: number;
  /** `stat_interval`. */
  readonly statMs: number;
  /** The forwarder fetches from the concentrator this often; what arrived meanwhile shares a datagram. 0 = at once. */
  readonly fetchMs: number;
  /** `autoquit_threshold`: it ends after this many unacknowledged PULL_DATA; 0 = never. */
  readonly autoquitThreshold: number;
  /** `forward_crc_error`. */
  readonly forwardCrcError: boolean;
  /** Tektelic's gateways answer from their other socket (TheThingsNetwork/lorawan-stack#698). */
  readonly txAckFromUpSocket: boolean;
  /** Accepted: an empty TX_ACK, or one that says so, as older and forked forwarders do. */
  readonly saysErrorNone: boolean;
  readonly gps: GpsConfig;
  readonly fineTimestamps: boolean;
  /** The concentrator's counter at start. */
  readonly counterStartUs: number;
}

export const DEFAULT_FORWARDER_OPTIONS: Omit<SemtechForwarderOptions, 'eui' | 'serverPort'> = {
  model: 'sx1302',
  serverAddress: '127.0.0.1',
  keepaliveMs: 10_000,
  statMs: 30_000,
  fetchMs: 10,
  autoquitThreshold: 0,
  forwardCrcError: false,
  txEnable: true,
  txFreqMinHz: 863_000_000,
  txFreqMaxHz: 870_000_000,
  antennaGainDbi: 0,
  txAckFromUpSocket: false,
  saysErrorNone: false,
  gps: { kind: 'none', latitude: 0, longitude: 0, altitudeM: 0 },
  fineTimestamps: false,
  counterStartUs: 0,
};

/** A frame this gateway puts on the air. */
export interface Emission extends Omit<DownlinkFrame, 'when' | 'airtimeMs' | 'warnedPowerDbm'> {
  readonly eui: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface SemtechForwarderModules {
  readonly clock: Clock;
  /** 0…65535. */
  readonly randomToken: () => number;
  /** Told when a frame starts. */
  readonly onEmission: (emission: Emission) => void;
  /** False: its queue has no room for this frame (COLLISION_PACKET). Absent: it has room for every frame. */
  readonly hasRoomFor?: (frame: DownlinkFrame) => boolean;
}

const PUSH_DATA = 0;
const PUSH_ACK = 1;
const PULL_DATA = 2;
const PULL_RESP = 3;
const PULL_ACK = 4;
const TX_ACK = 5;
/** `buff_down` holds 1,000 bytes with the terminator. */
const MAX_DOWN_BYTES = 999;
const MAX_PACKETS_A_FETCH = 255;

/**
 * The gateway's side of Semtech UDP: a packet forwarder with a concentrator that the simulation feeds. Two connected
 * sockets, one for each direction, like the real ones; nothing is retransmitted, and what it dislikes it drops silently.
 */
export class SemtechForwarder {
  readonly #options: SemtechForwarderOptions;
  readonly #modules: SemtechForwarderModules;
  readonly #model: ForwarderModel;
  readonly #queue = new JitQueue();
  readonly #timers = new Set<Cancel>();
  readonly #bootMs: number;
  #sockets: { readonly up: Socket; readonly down: Socket } | undefined;
  #waiting: Reception[] = [];
  #fetchPlanned = false;
  #counts = zeroCounts();
  #pushToken = -1;
  readonly #pushesOpen = new Set<number>();
  #pullToken = -1;
  #pullsUnacknowledged = 0;
  #quit = false;
  #dropped: string[] = [];

  constructor(options: SemtechForwarderOptions, modules: SemtechForwarderModules) {
    this.#options = options;
    this.#modules = modules;
    this.#model = FORWARDER_MODELS[options.model];
    this.#bootMs = modules.clock.now();
  }

  async start(): Promise<void> {
    const up = await this.#connect((datagram) => this.#onUp(datagram));
    const down = await this.#connect((datagram) => this.#onDown(datagram));
    this.#sockets = { up, down };
    this.#pull();
    this.#after(this.#options.statMs, () => this.#stat());
  }

  async stop(): Promise<void> {
    const sockets = this.#sockets;
    this.#sockets = undefined;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    if (sockets === undefined) return;
    const closed = [once(sockets.up, 'close'), once(sockets.down, 'close')];
    sockets.up.close();
    sockets.down.close();
    await Promise.all(closed);
  }

  /** Whether the program has ended by itself (autoquit). */
  hasQuit(): boolean {
    return this.#quit;
  }

  /** PULL_DATA since the latest PULL_ACK. */
  unacknowledgedPulls(): number {
    return this.#pullsUnacknowledged;
  }

  /** PUSH_DATA without a PUSH_ACK. */
  unacknowledgedPushes(): number {
    return this.#pushesOpen.size;
  }

  /** What it refused without an answer, in its own words, oldest first. */
  droppedSilently(): readonly string[] {
    return this.#dropped;
  }

  /** The concentrator's 32-bit microsecond counter at a moment. */
  counterUs(atMs: number): number {
    return (this.#options.counterStartUs + Math.round((atMs - this.#bootMs) * 1000)) % 2 ** 32;
  }

  /** The concentrator has received a packet. It hears nothing while it sends. */
  receive(reception: Reception): void {
    if (this.#sockets === undefined || this.#queue.isSending(reception.startMs, reception.endMs)) return;
    const crc = reception.crc ?? 'ok';
    this.#counts.received++;
    if (crc === 'ok') this.#counts.receivedOk++;
    if (crc === 'none' || (crc === 'bad' && !this.#options.forwardCrcError)) return;
    this.#waiting.push(reception);
    if (this.#options.fetchMs === 0) this.#fetch();
    else if (!this.#fetchPlanned) {
      this.#fetchPlanned = true;
      this.#after(this.#options.fetchMs, () => this.#fetch());
    }
  }

  #fetch(): void {
    this.#fetchPlanned = false;
    while (this.#waiting.length > 0) {
      const packets = this.#waiting.splice(0, MAX_PACKETS_A_FETCH).map((reception) =>
        writeRxpk(reception, {
          counterUs: this.counterUs(reception.endMs),
          tellsSignalRssi: this.#model.tellsSignalRssi,
          gps: this.#options.gps.kind,
          fineTimestamps: this.#options.fineTimestamps,
        }),
      );
      this.#counts.forwarded += packets.length;
      this.#push(`{"rxpk":[${packets.join(',')}]}`);
    }
  }

  #stat(): void {
    const stat = writeStat(this.#modules.clock.now(), this.#counts, this.#options.gps, this.#model.tellsSignalRssi);
    this.#counts = zeroCounts();
    this.#push(`{"stat":${stat}}`);
    this.#after(this.#options.statMs, () => this.#stat());
  }

  #push(json: string): void {
    this.#pushToken = this.#modules.randomToken() & 0xffff;
    this.#counts.pushed++;
    this.#pushesOpen.add(this.#pushToken);
    this.#send('up', this.#datagram(PUSH_DATA, this.#pushToken, json));
  }

  #pull(): void {
    const { autoquitThreshold, keepaliveMs } = this.#options;
    if (autoquitThreshold > 0 && this.#pullsUnacknowledged >= autoquitThreshold) {
      this.#quit = true;
      void this.stop();
      return;
    }
    this.#pullToken = this.#modules.randomToken() & 0xffff;
    this.#pullsUnacknowledged++;
    this.#send('down', this.#datagram(PULL_DATA, this.#pullToken, ''));
    this.#after(keepaliveMs, () => this.#pull());
  }

  #onUp(datagram: Buffer): void {
    if (datagram.length < 4 || datagram[0] !== 2 || datagram[3] !== PUSH_ACK) return;
    const token = datagram.readUInt16BE(1);
    this.#pushesOpen.delete(token);
    if (token === this.#pushToken) this.#counts.acknowledged++;
  }

  #onDown(whole: Buffer): void {
    const datagram = whole.subarray(0, MAX_DOWN_BYTES);
    if (datagram.length < 4 || datagram[0] !== 2) return;
    const token = datagram.readUInt16BE(1);
    if (datagram[3] === PULL_ACK && token === this.#pullToken) this.#pullsUnacknowledged = 0;
    if (datagram[3] !== PULL_RESP) return;
    const outcome = readPullResp(datagram.toString('utf8', 4), this.#model, this.#options);
    if (outcome.kind !== 'silent') this.#counts.downlinks++;
    this.#answer(token, outcome);
  }

  #answer(token: number, outcome: DownlinkOutcome): void {
    if (outcome.kind === 'silent') {
      this.#dropped.push(outcome.why);
      return;
    }
    if (outcome.kind === 'error') {
      this.#acknowledge(token, { error: outcome.error });
      return;
    }
    const hasRoom = this.#modules.hasRoomFor?.(outcome.frame) ?? true;
    const started = hasRoom ? this.#enqueue(outcome.frame) : 'COLLISION_PACKET';
    if (typeof started === 'string') {
      this.#acknowledge(token, { error: started });
      return;
    }
    const { warnedPowerDbm } = outcome.frame;
    if (warnedPowerDbm !== undefined) this.#acknowledge(token, { warn: 'TX_POWER', value: warnedPowerDbm });
    else this.#acknowledge(token, this.#options.saysErrorNone ? { error: 'NONE' } : undefined);
    this.#emitAt(started, outcome.frame);
  }

  #enqueue({ when, airtimeMs }: DownlinkFrame): number | JitRefusal | 'GPS_UNLOCKED' {
    const nowMs = this.#modules.clock.now();
    if ('immediate' in when) return this.#queue.enqueueImmediate(nowMs, this.#model.immediateDelayMs, airtimeMs);
    if ('gpsMs' in when) {
      if (this.#options.gps.kind !== 'locked') return 'GPS_UNLOCKED';
      return this.#queue.enqueueAt(nowMs, unixMsAtGps(when.gpsMs), airtimeMs);
    }
    const aheadUs = (when.counterUs - this.counterUs(nowMs)) >>> 0;
    return this.#queue.enqueueAt(nowMs, nowMs + aheadUs / 1000, airtimeMs);
  }

  #emitAt(startMs: number, frame: DownlinkFrame): void {
    const { when: _, airtimeMs, warnedPowerDbm: __, ...radio } = frame;
    this.#after(startMs - this.#modules.clock.now(), () => {
      this.#counts.transmitted++;
      this.#modules.onEmission({ ...radio, eui: this.#options.eui, startMs, endMs: startMs + airtimeMs });
    });
  }

  #acknowledge(token: number, content: Record<string, unknown> | undefined): void {
    const json = content === undefined ? '' : JSON.stringify({ txpk_ack: content });
    this.#send(this.#options.txAckFromUpSocket ? 'up' : 'down', this.#datagram(TX_ACK, token, json));
  }

  /**
   * A connected socket reports that nobody listened to the previous datagram as an error of the next send, which then is
   * lost as well. In a real forwarder the waiting recv takes the error; here it is simply tried once more.
   */
  #send(direction: 'up' | 'down', datagram: Buffer): void {
    this.#sockets?.[direction].send(datagram, (error) => {
      if (error !== null) this.#sockets?.[direction].send(datagram, () => undefined);
    });
  }

  #datagram(kind: number, token: number, json: string): Buffer {
    const header = Buffer.from([2, token >> 8, token & 0xff, kind]);
    return Buffer.concat([header, Buffer.from(this.#options.eui, 'hex'), Buffer.from(json)]);
  }

  /** Connected, so that only the server's own address and port can answer. */
  async #connect(onMessage: (datagram: Buffer) => void): Promise<Socket> {
    const socket = createSocket('udp4');
    // A server that is not there yet answers with ICMP errors; a forwarder does not care.
    socket.on('error', () => undefined);
    socket.on('message', onMessage);
    const connected = once(socket, 'connect');
    socket.connect(this.#options.serverPort, this.#options.serverAddress);
    await connected;
    return socket;
  }

  #after(delayMs: number, task: () => void): void {
    const cancel = this.#modules.clock.at(unixMs(Math.ceil(this.#modules.clock.now() + delayMs)), () => {
      this.#timers.delete(cancel);
      task();
    });
    this.#timers.add(cancel);
  }
}
