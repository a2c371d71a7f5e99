import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { type PacketFault, PacketGuard } from './packet-guard.ts';

export interface GuardTimeouts {
  /** From the connection to a successful login, milliseconds. */
  readonly loginMs: number;
  /** From the first byte of a packet to its last, milliseconds. */
  readonly packetMs: number;
}

export const CUT_REASONS = [
  'packet_too_large',
  'too_much_before_login',
  'not_mqtt',
  'login_too_slow',
  'packet_too_slow',
] as const satisfies readonly (PacketFault | `${string}_too_slow`)[];
export type CutReason = (typeof CUT_REASONS)[number];

/**
 * A socket behind a guard: what the broker library reads has bounded packets, arrives in bounded time, and what it
 * writes in small pieces leaves as one write. These timeouts are about sockets, so they run on the system's timers.
 */
export class GuardedConnection extends Duplex {
  readonly #socket: Socket;
  readonly #guard = new PacketGuard();
  readonly #timeouts: GuardTimeouts;
  readonly #onCut: (reason: CutReason) => void;
  #loginTimer: NodeJS.Timeout | undefined;
  #packetTimer: NodeJS.Timeout | undefined;
  /** Which packet `#packetTimer` watches. */
  #watchedPacket = 0;
  #writeDone: (() => void) | undefined;

  constructor(socket: Socket, timeouts: GuardTimeouts, onCut: (reason: CutReason) => void) {
    super({ allowHalfOpen: false, writableHighWaterMark: 256 * 1024 });
    this.#socket = socket;
    this.#timeouts = timeouts;
    this.#onCut = onCut;
    this.#loginTimer = setTimeout(() => this.#cut('login_too_slow'), timeouts.loginMs);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('end', () => this.push(null));
    socket.on('drain', () => this.#finishWrite());
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  /** The login succeeded. */
  allowLargePackets(): void {
    clearTimeout(this.#loginTimer);
    this.#guard.allowLargePackets();
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    if (this.#socket.write(chunk)) callback();
    else this.#writeDone = callback;
  }

  override _writev(chunks: { chunk: Buffer }[], callback: () => void): void {
    const whole = chunks.length === 1 && chunks[0] ? chunks[0].chunk : Buffer.concat(chunks.map(({ chunk }) => chunk));
    this._write(whole, 'binary', callback);
  }

  override _final(callback: () => void): void {
    this.#socket.end(callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    clearTimeout(this.#loginTimer);
    clearTimeout(this.#packetTimer);
    this.#socket.destroy();
    this.#finishWrite();
    callback(error);
  }

  #receive(chunk: Buffer): void {
    const fault = this.#guard.inspect(chunk);
    if (fault) {
      this.#cut(fault);
      return;
    }
    this.#watchPacket();
    if (!this.push(chunk)) this.#socket.pause();
  }

  /** One timer for whichever packet is unfinished, started anew only when that is another one. */
  #watchPacket(): void {
    const unfinished = this.#guard.isInsidePacket ? this.#guard.packets : 0;
    if (unfinished === this.#watchedPacket) return;
    this.#watchedPacket = unfinished;
    clearTimeout(this.#packetTimer);
    if (unfinished !== 0) this.#startPacketTimer();
  }

  #startPacketTimer(): void {
    this.#packetTimer = setTimeout(() => {
      if (this.#socket.isPaused()) this.#startPacketTimer();
      else this.#cut('packet_too_slow');
    }, this.#timeouts.packetMs);
  }

  #finishWrite(): void {
    const done = this.#writeDone;
    this.#writeDone = undefined;
    done?.();
  }

  #cut(reason: CutReason): void {
    if (this.destroyed) return;
    this.#onCut(reason);
    this.destroy();
  }
}
