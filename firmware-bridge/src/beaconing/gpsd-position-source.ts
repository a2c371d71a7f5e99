import { createConnection, type Socket } from 'node:net';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Cancel, Clock } from '../clock.ts';
import { unixMs } from '../protocol/index.ts';
import type { PositionFix, PositionSource } from './position-source.ts';

export interface GpsdOptions {
  readonly host: string;
  /** 2947 by custom. */
  readonly port: number;
}

export interface GpsdModules {
  /** The protocol's time: fixes are dated by it. */
  readonly clock: Clock;
  /** Real time, for reconnecting. */
  readonly timers: Clock;
  readonly logger: Logger;
}

const RECONNECT_MS = 5_000;
/** gpsd's own limit is GPS_JSON_RESPONSE_MAX, 4,096 and a list of satellites: more is not gpsd. */
const LINE_MAX_CHARACTERS = 65_536;
const WATCH = '?WATCH={"enable":true,"json":true}\n';
const MODE_2D = 2;

/** gpsd's JSON protocol, gpsd_json(5). Unknown fields and classes are ignored, as it asks its clients to. */
const TPV = z.object({
  class: z.literal('TPV'),
  mode: z.int(),
  lat: z.number().min(-90).max(90).optional(),
  lon: z.number().min(-180).max(180).optional(),
  /** Metres a second. */
  speed: z.number().nonnegative().optional(),
});
const SKY = z.object({
  class: z.literal('SKY'),
  hdop: z.number().nonnegative().optional(),
  /** Satellites used, since protocol 3.14. */
  uSat: z.int().nonnegative().optional(),
  satellites: z.array(z.object({ used: z.boolean() })).optional(),
});

type Sky = Pick<PositionFix, 'satellites' | 'hdopTenths'>;
type Place = Omit<PositionFix, keyof Sky>;

/** Before the receiver has told: nothing that could be used. */
const UNKNOWN_SKY: Sky = { satellites: 0, hdopTenths: 999 };

/** Position reports of a GNSS receiver through gpsd, over TCP; reconnects by itself. */
export class GpsdPositionSource implements PositionSource {
  readonly #options: GpsdOptions;
  readonly #modules: GpsdModules;
  #socket: Socket | undefined;
  #retry: Cancel | undefined;
  #rest = '';
  #sky = UNKNOWN_SKY;
  #place: Place | undefined;
  #problem: string | undefined = 'gpsd was not asked yet';
  #isStopped = true;

  constructor(options: GpsdOptions, modules: GpsdModules) {
    this.#options = options;
    this.#modules = modules;
  }

  start(): void {
    this.#isStopped = false;
    this.#connect();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#retry?.();
    const socket = this.#socket;
    if (!socket) return;
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.destroy();
    await closed;
  }

  latest(): PositionFix | undefined {
    return this.#place && { ...this.#place, ...this.#sky };
  }

  problem(): string | undefined {
    return this.#problem;
  }

  #connect(): void {
    const { host, port } = this.#options;
    const { logger } = this.#modules;
    const socket = createConnection({ host, port });
    this.#socket = socket;
    this.#rest = '';
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(WATCH));
    socket.on('data', (text: string) => this.#onText(text));
    socket.on('error', (error) => {
      this.#say(
        `gpsd at ${host} port ${port} does not answer (${error.message}). Is it running?  systemctl status gpsd`,
      );
    });
    socket.on('close', () => {
      this.#socket = undefined;
      if (this.#isStopped) return;
      logger.debug('the connection to gpsd was closed');
      const { timers } = this.#modules;
      this.#retry = timers.at(unixMs(timers.now() + RECONNECT_MS), () => this.#connect());
    });
  }

  #say(problem: string | undefined): void {
    if (problem !== undefined && problem !== this.#problem) this.#modules.logger.warn(problem);
    this.#problem = problem;
  }

  #onText(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > LINE_MAX_CHARACTERS) {
      this.#say('what answers in place of gpsd does not speak its protocol');
      this.#socket?.destroy();
      return;
    }
    for (const line of lines) this.#onLine(line);
  }

  #onLine(line: string): void {
    const message = parseJson(line);
    const sky = SKY.safeParse(message);
    if (sky.success) {
      const { hdop, uSat, satellites } = sky.data;
      this.#sky = {
        satellites: uSat ?? satellites?.filter(({ used }) => used).length ?? this.#sky.satellites,
        hdopTenths: hdop === undefined ? this.#sky.hdopTenths : Math.round(hdop * 10),
      };
      return;
    }
    const tpv = TPV.safeParse(message);
    if (!tpv.success) return;
    const { mode, lat, lon, speed } = tpv.data;
    if (mode < MODE_2D || lat === undefined || lon === undefined) {
      return this.#say('the receiver sees too few satellites for a position');
    }
    this.#say(undefined);
    const speedDmps = Math.round((speed ?? 0) * 10);
    this.#place = { atMs: this.#modules.clock.now(), latitudeDeg: lat, longitudeDeg: lon, speedDmps };
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
