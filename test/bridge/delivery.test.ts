import { outstanding, sumOf } from '@sextant/firmware-bridge/bridge';
import { encodeReceiptMessage, leafHash, type Receipt } from '@sextant/firmware-bridge/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BridgeHarness, beaconFrame, eui, type RunningBridge } from './support/bridge-harness.ts';
import { type Answer, type Submission, withReceipt } from './support/test-oracle.ts';

let harness: BridgeHarness;
beforeEach(async () => {
  harness = await BridgeHarness.begin();
});
afterEach(() => harness.end());

/** One participant's status. */
async function statusOf({ bridge }: RunningBridge) {
  const [participant] = (await bridge.status()).participants;
  if (!participant) throw new Error('no participant');
  return participant;
}

const loggedReports = (): number => {
  const logged = new Set(harness.oracle.log.map((envelope) => Buffer.from(envelope).toString('hex')));
  const batches = harness.oracle.submissions.filter(({ envelope }) =>
    logged.delete(Buffer.from(envelope).toString('hex')),
  );
  return batches.reduce((sum, { batch }) => sum + batch.reports.length, 0);
};

describe('reports', () => {
  it('reach the log once each, and leave the outbox only then', async () => {
    const running = await harness.start({ hotspots: 3 });
    for (let i = 0; i < 600; i++) running.driver.hear(eui(1 + (i % 3)), beaconFrame(i));
    await running.bridge.idle();
    // 600 receptions and 3 location assertions.
    expect(loggedReports()).toBe(603);
    for (const { outbox } of (await running.bridge.status()).participants) {
      expect(outbox).toMatchObject({ inOutbox: 0, unsaved: 0, bytes: 0 });
      expect(sumOf(outbox.totals.receipted)).toBe(201);
    }
  });

  it('wait while the broker is away, and are delivered when it is back', async () => {
    const running = await harness.start();
    await running.bridge.idle();
    await harness.oracle.stop();
    for (let i = 0; i < 300; i++) running.driver.hear(eui(1), beaconFrame(i));
    await harness.advance(3_600_000);
    await expect.poll(async () => (await statusOf(running)).outbox.inOutbox).toBeGreaterThanOrEqual(300);
    expect((await statusOf(running)).sessions[0]).toMatchObject({ connected: false, problem: expect.any(String) });
    await harness.oracle.start();
    await running.bridge.idle();
    const { outbox } = await statusOf(running);
    expect(outbox.inOutbox).toBe(0);
    expect(outbox.totals.receipted.witness).toBe(300);
  });

  it('are sent again, the same bytes, when the connection breaks before the receipt', async () => {
    const running = await harness.start();
    await running.bridge.idle();
    harness.oracle.answer = () => undefined;
    running.driver.hear(eui(1), beaconFrame(1));
    await harness.advance(500);
    const before = harness.oracle.submissions.length;
    await expect.poll(() => harness.oracle.submissions.length).toBeGreaterThanOrEqual(before);
    await expect.poll(() => harness.oracle.submissions.at(-1)?.batch.reports[0]?.kind).toBe('witness');
    const first = harness.oracle.submissions.at(-1);
    harness.oracle.answer = withReceipt;
    harness.oracle.dropConnections();
    await running.bridge.idle();
    expect(harness.oracle.submissions.at(-1)?.envelope).toEqual(first?.envelope);
    expect((await statusOf(running)).delivery.sentAgain).toBe(1);
  });

  it('share batches: a burst makes few of them', async () => {
    const running = await harness.start();
    await running.bridge.idle();
    const before = harness.oracle.log.length;
    for (let i = 0; i < 100; i++) running.driver.hear(eui(1), beaconFrame(i));
    await harness.advance(500);
    await running.bridge.idle();
    expect(harness.oracle.log.length - before).toBe(1);
  });
});

describe('answers that prove nothing', () => {
  const forgeries: [string, string, (submission: Submission) => Receipt][] = [
    [
      'of another log',
      'bad_checkpoint',
      (s) => ({ ...s.receipt(), checkpoint: harness.oracle.checkpoint(1, leafHash(s.envelope), 'other/log') }),
    ],
    [
      'that is not included',
      'not_included',
      (s) => ({
        ...s.receipt(),
        checkpoint: harness.oracle.checkpoint(1, new Uint8Array(32), 'test/log'),
        leafIndex: 0,
        proof: [],
      }),
    ],
    [
      'with a damaged checkpoint',
      'bad_checkpoint',
      (s) => ({ ...s.receipt(), checkpoint: s.receipt().checkpoint.map((byte, i) => (i === 12 ? byte ^ 1 : byte)) }),
    ],
    ['of other content', 'other_batch', (s) => ({ ...s.receipt(), payloadHash: new Uint8Array(32) })],
    ['of another batch', 'not_in_flight', (s) => ({ ...s.receipt(), sequence: 1_000 })],
    ['of another incarnation', 'not_in_flight', (s) => ({ ...s.receipt(), incarnation: 5n })],
  ];

  it.each(forgeries)('a receipt %s keeps the batch in the outbox', async (_name, reason, forge) => {
    const running = await harness.start();
    await running.bridge.idle();
    harness.oracle.answer = (submission) => [encodeReceiptMessage(forge(submission))];
    running.driver.hear(eui(1), beaconFrame(1));
    await harness.advance(500);
    await expect.poll(async () => (await statusOf(running)).delivery.ignored).toEqual({ [reason]: 1 });
    expect((await statusOf(running)).outbox.inOutbox).toBe(1);
  });

  it('a refusal that nobody signed, or for another batch, keeps it too', async () => {
    const running = await harness.start();
    await running.bridge.idle();
    harness.oracle.answer = (submission) => {
      const refusal = submission.refusal('too_old', 0);
      return [
        encodeReceiptMessage({ ...refusal, reason: 'bad_schema' }),
        encodeReceiptMessage({ ...refusal, signature: new Uint8Array(64) }),
        encodeReceiptMessage({ ...refusal, validator: new Uint8Array(32).fill(1) }),
        encodeReceiptMessage({ ...refusal, payloadHash: new Uint8Array(32) }),
        new Uint8Array(100).fill(255),
      ];
    };
    running.driver.hear(eui(1), beaconFrame(1));
    await harness.advance(500);
    await expect
      .poll(async () => (await statusOf(running)).delivery.ignored)
      .toEqual({ bad_signature: 2, other_validator: 1, other_batch: 1, malformed: 1 });
    expect(await statusOf(running)).toMatchObject({ outbox: { inOutbox: 1 }, deadLetters: [] });
  });
});

describe('refusals', () => {
  it('for good make a dead letter that the owner can see', async () => {
    const running = await harness.start();
    await running.bridge.idle();
    harness.oracle.answer = (submission) => [encodeReceiptMessage(submission.refusal('too_old', 0))];
    running.driver.hear(eui(1), beaconFrame(1));
    await running.bridge.idle();
    const { outbox, deadLetters, delivery } = await statusOf(running);
    expect(deadLetters).toMatchObject([{ reason: 'too_old', reports: { witness: 1 } }]);
    expect(outbox).toMatchObject({ inOutbox: 0, totals: { deadLettered: { witness: 1 } } });
    expect(delivery.refusals).toEqual({ too_old: 1 });
  });

  it.each([
    ['with a time to wait', 'unknown_key', 250],
    ['of a reason that is never for good', 'rate_exceeded', 0],
  ] as const)('%s are tried again', async (_name, reason, retryAfterMs) => {
    const running = await harness.start();
    await running.bridge.idle();
    let refusals = 0;
    const refuseTwice: Answer = (submission) =>
      refusals++ < 2 ? [encodeReceiptMessage(submission.refusal(reason, retryAfterMs))] : withReceipt(submission);
    harness.oracle.answer = refuseTwice;
    running.driver.hear(eui(1), beaconFrame(1));
    await running.bridge.idle();
    const { outbox, deadLetters, delivery } = await statusOf(running);
    expect(deadLetters).toEqual([]);
    expect(delivery.refusals).toEqual({ [reason]: 2 });
    expect(outbox.totals.receipted.witness).toBe(1);
    expect(outstanding(outbox.totals)).toBe(0);
  });
});

describe('logging in', () => {
  it('again before each token expires loses nothing', async () => {
    const running = await harness.start();
    await running.bridge.idle();
    for (let minute = 0; minute < 24; minute++) {
      running.driver.hear(eui(1), beaconFrame(minute));
      await harness.advance(60_000);
      await running.bridge.idle();
    }
    const { sessions, outbox } = await statusOf(running);
    expect(sessions[0]?.connects).toBeGreaterThanOrEqual(4);
    expect(harness.oracle.refusedLogins).toBe(0);
    expect(outbox.totals.receipted.witness).toBe(24);
  });
});
