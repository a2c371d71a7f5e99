import { ENVELOPE_MAX_BYTES } from '@sextant/firmware-bridge/protocol';

/** Room for the topic and the packet's own header around the largest envelope. */
const PACKET_OVERHEAD_BYTES = 256;
/** No MQTT packet may be longer: 64 KiB of payload and its topic. */
export const PACKET_MAX_BYTES = ENVELOPE_MAX_BYTES + PACKET_OVERHEAD_BYTES;
/** All a stranger may send before its CONNECT has succeeded. */
export const CONNECT_MAX_BYTES = 1_024;

const CONNECT = 1;

export const PACKET_FAULTS = ['packet_too_large', 'too_much_before_login', 'not_mqtt'] as const;
export type PacketFault = (typeof PACKET_FAULTS)[number];

/**
 * Follows the packets in a byte stream (MQTT 3.1.1 section 2.2: one byte of type, one to four of remaining length)
 * without keeping any of it, and says when one may not go on to the broker.
 */
export class PacketGuard {
  #loggedIn = false;
  #bytesBeforeLogin = 0;
  #packets = 0;
  /** Bytes of the current packet's body still to come. */
  #rest = 0;
  #state: 'type' | 'length' | 'body' = 'type';
  #length = 0;
  #factor = 1;

  /** The CONNECT succeeded: from now on packets may be large. */
  allowLargePackets(): void {
    this.#loggedIn = true;
  }

  /** Whether the stream stands in the middle of a packet. */
  get isInsidePacket(): boolean {
    return this.#state !== 'type';
  }

  /** Number of packets begun so far. */
  get packets(): number {
    return this.#packets;
  }

  /** Looks at the next bytes; a fault means that they must not be passed on. */
  inspect(chunk: Uint8Array): PacketFault | undefined {
    if (!this.#loggedIn) {
      this.#bytesBeforeLogin += chunk.length;
      if (this.#bytesBeforeLogin > CONNECT_MAX_BYTES) return 'too_much_before_login';
    }
    for (let at = 0; at < chunk.length; ) {
      if (this.#state === 'body') {
        const step = Math.min(this.#rest, chunk.length - at);
        at += step;
        this.#rest -= step;
        if (this.#rest === 0) this.#state = 'type';
        continue;
      }
      const fault = this.#inspectHeader(chunk[at] as number);
      if (fault) return fault;
      at += 1;
    }
    return undefined;
  }

  #inspectHeader(byte: number): PacketFault | undefined {
    if (this.#state === 'type') {
      this.#packets += 1;
      this.#state = 'length';
      this.#length = 0;
      this.#factor = 1;
      return this.#packets === 1 && byte >> 4 !== CONNECT ? 'not_mqtt' : undefined;
    }
    this.#length += (byte & 0x7f) * this.#factor;
    this.#factor *= 128;
    if (byte >= 0x80) return this.#factor > 128 ** 3 ? 'not_mqtt' : undefined;
    if (this.#length > PACKET_MAX_BYTES) return 'packet_too_large';
    this.#rest = this.#length;
    this.#state = this.#rest > 0 ? 'body' : 'type';
    return undefined;
  }
}
