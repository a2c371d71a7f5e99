import { createSeedSigner } from '@sextant/firmware-bridge/native-ed25519';
import {
  decodeEnvelope,
  decodeValidatorRecord,
  type RegistryEvent,
  type ValidatorRecord,
} from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecordSigner } from './record-signer.ts';
import { createRegistryJournal, RecordedReadings, type RegistryReading } from './registry-journal.ts';

const sign = createRecordSigner('test-net', createSeedSigner(new Uint8Array(32).fill(1)));

function recordOf(entry: Uint8Array): ValidatorRecord {
  const envelope = decodeEnvelope(entry);
  const record = envelope.ok ? decodeValidatorRecord(envelope.value.payload) : envelope;
  if (!record.ok) throw new Error(record.reason);
  return record.value;
}

function readingOf(fromBlock: number, events: number): RegistryReading {
  const referenceBlock = fromBlock + events;
  return {
    chainId: 5,
    registry: new Uint8Array(20).fill(7),
    fromBlock,
    referenceBlock,
    referenceHash: new Uint8Array(32).fill(referenceBlock % 251),
    events: Array.from({ length: events }, (_, i): RegistryEvent => {
      const owner = new Uint8Array(20).fill(3);
      return { block: fromBlock + i, logIndex: 0, event: 'payout_changed', owner, payout: owner };
    }),
  };
}

/** A log in memory, and a journal on it. */
function openJournal() {
  const entries: Uint8Array[] = [];
  const write = async (entry: Uint8Array): Promise<number> => entries.push(entry);
  const mark = (epoch: number): void => void entries.push(sign({ kind: 'epoch_mark', epoch, attempt: 0 }));
  const log = { append: write, appendRecord: write };
  return { entries, mark, journal: createRegistryJournal(undefined, { log, sign }) };
}

function recovered(entries: readonly Uint8Array[]): number | undefined {
  const readings = new RecordedReadings(undefined);
  for (const entry of entries) readings.notice(recordOf(entry));
  return readings.last?.block;
}

describe('the readings in a log', () => {
  it('stand in as many records as they need, nothing lost, and nothing between them', async () => {
    const { entries, mark, journal } = openJournal();
    const recording = journal.record(readingOf(100, 600));
    mark(0);
    await recording;
    const records = entries.map(recordOf);
    expect(records.map(({ kind }) => kind)).toEqual([...Array<string>(3).fill('registry_events'), 'epoch_mark']);
    const events = records.flatMap((record) => (record.kind === 'registry_events' ? record.events : []));
    expect(events).toEqual(readingOf(100, 600).events);
    expect(journal.recorded()).toMatchObject({ chainId: 5, block: 700 });
  });

  it('count again after a crash as far as they are whole, wherever it tore the log off', async () => {
    const { entries, mark, journal } = openJournal();
    for (const [epoch, events] of [0, 300, 700].entries()) {
      await journal.record(readingOf((journal.recorded()?.block ?? 9) + 1, events));
      mark(epoch);
    }
    const ends = entries
      .map((entry) => recordOf(entry))
      .flatMap((record, at) => {
        const isLast = record.kind === 'registry_events' && record.part === record.parts - 1;
        return isLast ? [{ at, block: record.referenceBlock }] : [];
      });
    fc.assert(
      fc.property(fc.nat(entries.length), (size) => {
        const whole = ends.filter(({ at }) => at < size).at(-1)?.block;
        expect(recovered(entries.slice(0, size))).toBe(whole);
      }),
    );
  });

  it('do not become whole by parts on both sides of a cut', async () => {
    const { entries, mark, journal } = openJournal();
    await journal.record(readingOf(10, 300));
    const [first, second] = entries.splice(0) as [Uint8Array, Uint8Array];
    entries.push(first);
    mark(0);
    entries.push(second);
    expect(recovered(entries)).toBeUndefined();
    entries.push(first);
    expect(recovered(entries)).toBe(310);
  });
});
