import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CONNECT_MAX_BYTES, PACKET_MAX_BYTES, PacketGuard } from './packet-guard.ts';

function packet(type: number, bodyLength: number): Buffer {
  const length: number[] = [];
  let rest = bodyLength;
  do {
    length.push((rest % 128) + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.of(type << 4, ...length), Buffer.alloc(bodyLength, 0xff)]);
}

const loggedIn = (): PacketGuard => {
  const guard = new PacketGuard();
  expect(guard.inspect(packet(1, 100))).toBeUndefined();
  guard.allowLargePackets();
  return guard;
};

it('lets a stranger send a CONNECT of at most 1 KiB and nothing else', () => {
  expect(new PacketGuard().inspect(packet(1, CONNECT_MAX_BYTES - 3))).toBeUndefined();
  expect(new PacketGuard().inspect(packet(1, CONNECT_MAX_BYTES - 2))).toBe('too_much_before_login');
  expect(new PacketGuard().inspect(packet(3, 10))).toBe('not_mqtt');
  const guard = new PacketGuard();
  expect(guard.inspect(packet(1, 1_000))).toBeUndefined();
  expect(guard.inspect(packet(3, 100))).toBe('too_much_before_login');
});

it('cuts a packet at its announced length, before its body has come', () => {
  expect(loggedIn().inspect(packet(3, PACKET_MAX_BYTES))).toBeUndefined();
  expect(loggedIn().inspect(packet(3, PACKET_MAX_BYTES + 1).subarray(0, 4))).toBe('packet_too_large');
  expect(loggedIn().inspect(Buffer.of(0x30, 0xff, 0xff, 0xff, 0xff))).toBe('not_mqtt');
});

it('judges the same however the stream is cut into chunks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 70_000 }), { maxLength: 6 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 30_000 })),
      (lengths, cuts) => {
        const stream = Buffer.concat(lengths.map((length) => packet(3, length)));
        const guard = loggedIn();
        let fault: string | undefined;
        for (let at = 0; at < stream.length && !fault; ) {
          const step = cuts.next().value as number;
          fault = guard.inspect(stream.subarray(at, at + step));
          at += step;
        }
        expect(fault).toBe(lengths.some((length) => length > PACKET_MAX_BYTES) ? 'packet_too_large' : undefined);
        if (!fault) {
          expect(guard.isInsidePacket).toBe(false);
          expect(guard.packets).toBe(lengths.length + 1);
        }
      },
    ),
  );
});

it('survives any bytes', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => void new PacketGuard().inspect(bytes)));
});
