/**
 * The load generator: its own process, forked by the bench. It signs the whole corpus first, then sends each batch
 * once, with a fixed number on the way per connection, and measures the time from a batch to its receipt.
 */
import { fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import {
  createLoginToken,
  decodeReceiptMessage,
  receiptTopic,
  unixMs,
  verifyReceipt,
} from '@sextant/firmware-bridge/protocol';
import {
  type BenchHotspot,
  benchBatch,
  benchHotspots,
  benchValidator,
  type CorpusBatch,
  NETWORK_ID,
} from './corpus.ts';
import { RawClient } from './raw-client.ts';

export interface LoadOrder {
  readonly port: number;
  readonly origin: string;
  readonly hotspots: number;
  readonly batchesEach: number;
  readonly reports: number;
  /** Batches on the way per connection. */
  readonly window: number;
  /** Batches sent first and not measured, of each hotspot. */
  readonly warmUp: number;
  /** Whether receipts are to be proofs. */
  readonly verify: boolean;
}

export interface LoadResult {
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuSeconds: number;
}

const PUBLISH = 3;
const RECEIPT = 0x0a;
const SAMPLE_EVERY = 97;

class Lane {
  readonly hotspot: BenchHotspot;
  readonly batches: CorpusBatch[];
  readonly firstNumber: number;
  client: RawClient | undefined;
  next = 0;
  end = 0;

  constructor(hotspot: BenchHotspot, batches: CorpusBatch[], firstNumber: number) {
    this.hotspot = hotspot;
    this.batches = batches;
    this.firstNumber = firstNumber;
  }
}

function makeLanes(order: LoadOrder): Lane[] {
  const nowMs = Date.now();
  const each = order.warmUp + order.batchesEach;
  return benchHotspots(order.hotspots).map((hotspot, h) => {
    const batches = Array.from({ length: each }, (_, i) => benchBatch(hotspot, h * each + i, order.reports, nowMs));
    return new Lane(hotspot, batches, h * each);
  });
}

class Run {
  readonly #lanes: readonly Lane[];
  readonly #sentAt: Float64Array;
  readonly #latencies: number[] = [];
  readonly samples: { lane: Lane; at: number; message: Buffer }[] = [];
  #open = 0;
  #finish: () => void = () => undefined;

  constructor(lanes: readonly Lane[]) {
    this.#lanes = lanes;
    this.#sentAt = new Float64Array(lanes.reduce((sum, lane) => sum + lane.batches.length, 0));
  }

  /** Sends the next `count` batches of every lane; resolves with the latencies when all have receipts. */
  async send(count: number, window: number): Promise<number[]> {
    this.#latencies.length = 0;
    this.#open = count * this.#lanes.length;
    const finished = new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    for (const lane of this.#lanes) {
      lane.end = lane.next + count;
      for (let i = 0; i < window; i++) this.#sendNext(lane);
    }
    await finished;
    return this.#latencies;
  }

  received(lane: Lane, body: Buffer): void {
    const topicLength = body.readUInt16BE(0);
    const message = body.subarray(2 + topicLength);
    if (message[0] !== RECEIPT) throw new Error(`refused: ${JSON.stringify(decodeReceiptMessage(message), bigints)}`);
    const number = sequenceIn(message);
    const at = number - lane.firstNumber;
    this.#latencies.push(performance.now() - (this.#sentAt[number] as number));
    if (number % SAMPLE_EVERY === 0) this.samples.push({ lane, at, message: Buffer.from(message) });
    this.#open -= 1;
    if (this.#open === 0) this.#finish();
    else this.#sendNext(lane);
  }

  #sendNext(lane: Lane): void {
    if (lane.next >= lane.end) return;
    const at = lane.next++;
    this.#sentAt[lane.firstNumber + at] = performance.now();
    lane.client?.write((lane.batches[at] as CorpusBatch).packet);
  }
}

/** The sequence in a receipt: a varint behind the message's length and the incarnation; absent when it is 0. */
function sequenceIn(message: Buffer): number {
  let at = (message[1] as number) < 128 ? 11 : 12;
  if (message[at] !== 0x10) return 0;
  let value = 0;
  for (let factor = 1; ; factor *= 128) {
    const byte = message[++at] as number;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
  }
}

const bigints = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

async function login(lane: Lane, port: number, run: Run): Promise<void> {
  const { id, signer } = lane.hotspot;
  const claims = {
    validator: benchValidator().publicKey,
    hotspot: signer.publicKey,
    expiresAtMs: unixMs(Date.now() + 300_000),
  };
  const password = createLoginToken(NETWORK_ID, claims, (message) => signer.sign(message));
  lane.client = await RawClient.open(port, { id, password, subscribe: receiptTopic(NETWORK_ID, id) }, (type, body) => {
    if (type === PUBLISH) run.received(lane, body);
  });
}

const quantile = (sorted: readonly number[], share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0;

/** Throws unless each receipt of a sample proves its batch. */
function verifySamples(run: Run, origin: string): void {
  const expected = { origin, validatorKey: benchValidator().publicKey };
  for (const { lane, at, message } of run.samples) {
    const decoded = decodeReceiptMessage(message);
    if (!decoded.ok || decoded.value.kind !== 'receipt') throw new Error('a receipt cannot be read');
    const envelope = (lane.batches[at] as CorpusBatch).envelope;
    const verdict = verifyReceipt(envelope, decoded.value, expected, fastVerifySignature);
    if (!verdict.ok) throw new Error(`a receipt proves nothing: ${verdict.reason}`);
  }
}

async function work(order: LoadOrder): Promise<LoadResult> {
  const lanes = makeLanes(order);
  const run = new Run(lanes);
  for (const lane of lanes) await login(lane, order.port, run);
  await run.send(order.warmUp, order.window);
  process.send?.('warm');
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const latencies = await run.send(order.batchesEach, order.window);
  const seconds = (performance.now() - start) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  process.send?.('done');
  latencies.sort((a, b) => a - b);
  if (order.verify) verifySamples(run, order.origin);
  for (const lane of lanes) lane.client?.close();
  return {
    seconds,
    perSecond: latencies.length / seconds,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
  };
}

process.once('message', (order: LoadOrder) => {
  work(order).then(
    (result) => process.send?.(result, () => process.disconnect()),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
