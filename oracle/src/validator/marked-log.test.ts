import { createManualClock } from '@sextant/firmware-bridge/clock';
import { createSeedSigner } from '@sextant/firmware-bridge/native-ed25519';
import { decodeEnvelope, decodeValidatorRecord, type Timing, type UnixMs } from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import { createMarkedLog } from './marked-log.ts';
import { createRecordSigner } from './record-signer.ts';

const GENESIS = 1_790_000_000_000;
const timing: Timing = {
  genesisMs: GENESIS as UnixMs,
  slotMs: 5_000,
  roundMs: 60_000,
  epochMs: 300_000,
  clockMarginMs: 3_000,
  epochGraceMs: 8_000,
};
const at = (ms: number) => (GENESIS + ms) as UnixMs;
const sign = createRecordSigner('test-net', createSeedSigner(new Uint8Array(32).fill(1)));

function open(startMs: number, lastClosedSlot: number) {
  const clock = createManualClock(at(startMs));
  const written: string[] = [];
  const write = async (entry: Uint8Array): Promise<number> => written.push(nameOf(entry));
  const marked = createMarkedLog(
    { timing, lastClosedSlot },
    { log: { append: write, appendRecord: write }, sign, clock, onMarkLost: (error) => expect.fail(String(error)) },
  );
  return { clock, written, marked };
}

function nameOf(entry: Uint8Array): string {
  const envelope = decodeEnvelope(entry);
  if (!envelope.ok) return new TextDecoder().decode(entry);
  const record = decodeValidatorRecord(envelope.value.payload);
  return record.ok && record.value.kind === 'slot_closed' ? `closed ${record.value.slot}` : 'other';
}
const report = (name: string) => new TextEncoder().encode(name);

describe('the marks of a log', () => {
  it('stand at slot end + W, before anything admitted later', async () => {
    const { clock, written, marked } = open(0, -1);
    await clock.advanceTo(at(7_999));
    await marked.append(report('in time'));
    await clock.advanceTo(at(8_000));
    await marked.append(report('too late for slot 0'));
    expect(written).toEqual(['in time', 'closed 0', 'too late for slot 0']);
    await clock.advanceTo(at(18_000));
    expect(written.slice(3)).toEqual(['closed 1', 'closed 2']);
  });

  it('come first after a stall or a restart, one for all that was missed', async () => {
    const { clock, written, marked } = open(1_000_000, 3);
    await marked.append(report('after the restart'));
    expect(written).toEqual(['closed 198', 'after the restart']);
    await clock.advanceTo(at(1_003_000));
    expect(written.at(-1)).toBe('closed 199');
    expect(marked.lastClosedSlot()).toBe(199);
  });

  it('are never written twice, and stop when told to', async () => {
    const { clock, written, marked } = open(0, -1);
    await clock.advanceTo(at(60_000));
    expect(new Set(written).size).toBe(written.length);
    const before = written.length;
    marked.stop();
    await clock.advanceTo(at(120_000));
    expect(written).toHaveLength(before);
  });
});
