import { createHash, randomBytes } from 'node:crypto';

/** Where unpredictable (or, in a replay, reproducible) numbers come from. */
export interface RandomSource {
  bytes(count: number): Uint8Array;
  /** A uniform integer, 0 ≤ it < bound; bound at most 2^48. */
  below(bound: number): number;
  /** The source named `label`. Of a seeded source it does not depend on what was drawn before. */
  fork(label: string): RandomSource;
}

const DRAW_BYTES = 6;
const DRAW_RANGE = 2 ** (8 * DRAW_BYTES);

/** Rejection sampling, so that every number is equally likely. Throws RangeError on a bound outside 1…2^48. */
function uniformBelow(bound: number, bytes: (count: number) => Uint8Array): number {
  if (!Number.isInteger(bound) || bound < 1 || bound > DRAW_RANGE) throw new RangeError(`no number is below ${bound}`);
  const limit = DRAW_RANGE - (DRAW_RANGE % bound);
  for (;;) {
    const drawn = Buffer.from(bytes(DRAW_BYTES)).readUIntBE(0, DRAW_BYTES);
    if (drawn < limit) return drawn % bound;
  }
}

/** The operating system's generator. */
export function createSystemRandom(): RandomSource {
  const bytes = (count: number): Uint8Array => new Uint8Array(randomBytes(count));
  const source: RandomSource = { bytes, below: (bound) => uniformBelow(bound, bytes), fork: () => source };
  return source;
}

/** SHA-256 in counter mode over `seed`: the same on every run. For replays and tests, never for keys in use. */
export function createSeededRandom(seed: string): RandomSource {
  let counter = 0;
  const bytes = (count: number): Uint8Array => {
    const blocks: Buffer[] = [];
    for (let have = 0; have < count; have += 32) {
      blocks.push(createHash('sha256').update(`${seed}\n${counter++}`).digest());
    }
    return new Uint8Array(Buffer.concat(blocks).subarray(0, count));
  };
  return {
    bytes,
    below: (bound) => uniformBelow(bound, bytes),
    fork: (label) => createSeededRandom(`${seed}/${label}`),
  };
}
