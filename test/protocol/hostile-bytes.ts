import {
  DECODE_REASONS,
  type Decoded,
  decodeEnvelope,
  decodeReport,
  decodeReportBatch,
  decodeRoundCertificate,
  decodeValidatorRecord,
  decodeVerdict,
  ENVELOPE_MAX_BYTES,
  encodeEnvelope,
  encodeReportBatch,
  parseBeaconFrame,
  parseId,
  parseTopic,
  type UnixMs,
  verifyLoginToken,
} from '@sextant/firmware-bridge/protocol';
import fc from 'fast-check';
import { reportBatch } from '../support/report-arbitraries.ts';

const decoders: Readonly<Record<string, (bytes: Uint8Array) => Decoded<unknown>>> = {
  decodeEnvelope,
  decodeReport,
  decodeReportBatch,
  decodeRoundCertificate,
  decodeValidatorRecord,
  decodeVerdict,
};

/** xorshift32: one integer of fast-check's becomes a whole input, so that a million of them take minutes. */
function createRandom(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** Valid messages, bare and in envelopes, that mutation starts from. */
function createCorpus(seed: number): readonly Uint8Array[] {
  return fc.sample(reportBatch, { numRuns: 300, seed }).flatMap((batch) => {
    const payload = encodeReportBatch(batch);
    const signature = new Uint8Array(64);
    return [payload, encodeEnvelope({ kind: 'report_batch', payload, signer: batch.hotspot, signature })];
  });
}

const noise = (random: (below: number) => number, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => random(256));

/** Pure noise, one pattern up to past the size limit, or a valid message bent in ways that reach deep into a decoder. */
function hostileBytes(seed: number, corpus: readonly Uint8Array[]): Uint8Array {
  const random = createRandom(seed);
  const kind = random(200);
  if (kind === 0) {
    const pattern = noise(random, 1 + random(8));
    return new Uint8Array(ENVELOPE_MAX_BYTES - 500 + random(510)).map((_, i) => pattern[i % pattern.length] as number);
  }
  if (kind < 60) return noise(random, random(300));
  let bytes = corpus[random(corpus.length)] as Uint8Array;
  for (let edits = 1 + random(6); edits > 0; edits--) bytes = bend(bytes, random);
  return bytes;
}

function bend(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  if (bytes.length === 0) return noise(random, 1);
  const at = random(bytes.length);
  switch (random(8)) {
    case 0:
      return bytes.slice(0, at);
    case 1:
      return Uint8Array.of(...bytes.subarray(0, at), random(256), ...bytes.subarray(at));
    case 2:
      return bytes.length > 4_096 ? bytes.slice(at) : Uint8Array.of(...bytes, ...bytes.subarray(at));
    default: {
      const out = bytes.slice();
      out[at] = random(4) === 0 ? 0xff : random(256);
      return out;
    }
  }
}

const isRefusal = (result: Decoded<unknown>): boolean =>
  result.ok || (DECODE_REASONS.includes(result.reason) && typeof result.field === 'string');

function parsersHold(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString('latin1');
  const expected = { networkId: 'net', validator: new Uint8Array(32), hotspot: new Uint8Array(32), nowMs: 0 as UnixMs };
  const token = verifyLoginToken(text, expected, () => false);
  parseBeaconFrame(bytes);
  return parseTopic(text) === undefined && parseId(text) === undefined && !token.ok;
}

export interface HostileRun {
  readonly inputs: number;
  readonly heapGrowthMiB: number;
}

/**
 * Feeds `inputs` hostile byte strings to every decoder of the protocol. Throws (with fast-check's counterexample and
 * seed) when one of them throws, or answers with anything but a value or a typed refusal.
 */
export function runHostileBytes(inputs: number, seed = 1): HostileRun {
  const corpus = createCorpus(seed);
  const before = process.memoryUsage().heapUsed;
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), (inputSeed) => {
      const bytes = hostileBytes(inputSeed, corpus);
      for (const name in decoders) {
        const decode = decoders[name] as (bytes: Uint8Array) => Decoded<unknown>;
        if (!isRefusal(decode(bytes))) throw new Error(`${name} gave an untyped refusal`);
      }
      if (!parsersHold(bytes)) throw new Error('a parser accepted hostile text');
    }),
    { numRuns: inputs, seed },
  );
  globalThis.gc?.();
  return { inputs, heapGrowthMiB: (process.memoryUsage().heapUsed - before) / 2 ** 20 };
}
