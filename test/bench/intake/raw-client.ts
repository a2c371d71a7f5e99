import { connect, type Socket } from 'node:net';
import { connectPacket, subscribePacket } from '../../support/mqtt-packets.ts';

/**
 * The least MQTT 3.1.1 client that can load a broker: it writes ready-made packets and looks at nothing but what it
 * must, so that the load generator takes little of the two cores it shares with the intake.
 */
export class RawClient {
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  readonly #onPacket: (type: number, body: Buffer) => void;

  private constructor(socket: Socket, onPacket: (type: number, body: Buffer) => void) {
    this.#socket = socket;
    this.#onPacket = onPacket;
    socket.on('data', (chunk: Buffer) => this.#parse(chunk));
  }

  static async open(
    port: number,
    login: { id: string; password: string; subscribe: string },
    onPacket: (type: number, body: Buffer) => void,
  ): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('the broker closed the connection before it was ready')));
      let ready = false;
      const client = new RawClient(socket, (type, body) => {
        if (ready) onPacket(type, body);
        else if (type === 2 && body[1] === 0) client.write(subscribePacket(login.subscribe));
        else if (type === 9) {
          ready = true;
          resolve(client);
        } else reject(new Error(`packet of type ${type} with ${body.toString('hex')} instead of an accepted login`));
      });
      client.write(connectPacket(login.id, login.password));
    });
  }

  write(packet: Buffer): void {
    this.#socket.write(packet);
  }

  close(): void {
    this.#socket.destroy();
  }

  #parse(chunk: Buffer): void {
    let buffer = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (;;) {
      let length = 0;
      let at = 1;
      let factor = 1;
      for (;;) {
        const byte = buffer[at];
        if (byte === undefined || at > 4) break;
        at += 1;
        length += (byte & 0x7f) * factor;
        factor *= 128;
        if (byte < 0x80) {
          factor = 0;
          break;
        }
      }
      if (factor !== 0 || buffer.length < at + length) break;
      this.#onPacket((buffer[0] as number) >> 4, buffer.subarray(at, at + length));
      buffer = buffer.subarray(at + length);
    }
    this.#rest = buffer;
  }
}
