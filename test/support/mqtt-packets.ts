/** MQTT 3.1.1 packets as bytes, for clients that have to be faster or worse than a library lets them be. */

function remainingLength(length: number): number[] {
  const bytes: number[] = [];
  let rest = length;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([uint16(bytes.length), bytes]);
}

const uint16 = (value: number): Buffer => Buffer.of(value >> 8, value & 0xff);

function packet(firstByte: number, ...parts: readonly Uint8Array[]): Buffer {
  const rest = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(firstByte, ...remainingLength(rest.length)), rest]);
}

/** A clean session without keep-alive, the id as client id and user name. */
export function connectPacket(id: string, password: string): Buffer {
  return packet(0x10, text('MQTT'), Buffer.of(4, 0b1100_0010, 0, 0), text(id), text(id), text(password));
}

export function subscribePacket(topic: string): Buffer {
  return packet(0x82, uint16(1), text(topic), Buffer.of(0));
}

/** QoS 1 unless `flags` (the low four bits of the first byte) say otherwise. */
export function publishPacket(topic: string, packetId: number, payload: Uint8Array, flags = 0b0010): Buffer {
  return packet(0x30 | flags, text(topic), uint16(packetId), payload);
}
