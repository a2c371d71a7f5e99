import { concatBytes, utf8ToBytes } from '../../protocol/index.ts';
import type { GatewayEui } from '../gateway-eui.ts';

/**
 * The frame around every message of the Semtech UDP protocol, version 2.
 * Source: Lora-net/sx1302_hal V2.1.0, packet_forwarder/PROTOCOL.md §3 and §5.
 */
const PROTOCOL_VERSION = 2;
const KINDS = {
  push_data: 0x00,
  push_ack: 0x01,
  pull_data: 0x02,
  pull_resp: 0x03,
  pull_ack: 0x04,
  tx_ack: 0x05,
} as const;

/** A packet forwarder reads a PULL_RESP into 1,000 bytes with a terminator: one byte more and it drops it unanswered. */
const MAX_PULL_RESP_BYTES = 999;

const HEADER_BYTES = 12;

export interface GatewayDatagram {
  readonly kind: 'push_data' | 'pull_data' | 'tx_ack';
  readonly token: number;
  readonly eui: GatewayEui;
  /** What follows the header, may be empty. */
  readonly body: Uint8Array;
}

export type DatagramRefusal = 'too_short' | 'wrong_version' | 'unknown_kind';

/** Reads what a gateway sent; a string says why it is not a message of the protocol. */
export function parseDatagram(bytes: Uint8Array): GatewayDatagram | DatagramRefusal {
  if (bytes.length < HEADER_BYTES) return 'too_short';
  if (bytes[0] !== PROTOCOL_VERSION) return 'wrong_version';
  const kind = kindOf(bytes[3]);
  if (kind === undefined) return 'unknown_kind';
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const eui = view.getBigUint64(4).toString(16).padStart(16, '0') as GatewayEui;
  return { kind, token: view.getUint16(1), eui, body: bytes.subarray(HEADER_BYTES) };
}

/** PUSH_ACK or PULL_ACK: the token that came, and nothing else. */
export function encodeAck(kind: 'push_ack' | 'pull_ack', token: number): Uint8Array {
  return Uint8Array.of(PROTOCOL_VERSION, token >>> 8, token & 0xff, KINDS[kind]);
}

/** PULL_RESP, or undefined when it would not fit a packet forwarder's buffer. */
export function encodePullResp(token: number, json: string): Uint8Array | undefined {
  const body = utf8ToBytes(json);
  if (4 + body.length > MAX_PULL_RESP_BYTES) return undefined;
  return concatBytes(Uint8Array.of(PROTOCOL_VERSION, token >>> 8, token & 0xff, KINDS.pull_resp), body);
}

function kindOf(byte: number | undefined): GatewayDatagram['kind'] | undefined {
  if (byte === KINDS.push_data) return 'push_data';
  if (byte === KINDS.pull_data) return 'pull_data';
  return byte === KINDS.tx_ack ? 'tx_ack' : undefined;
}
