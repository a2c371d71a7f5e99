/** Lanes are pairs of 32-bit words, low one first: lane (x, y) of FIPS 202 is at words 10y + 2x and the next. */
export type Lanes = Int32Array;

/** Words of the state: 25 lanes. */
export const STATE_WORDS = 50;
/** Words of theta's column effects: 5 lanes. */
export const EFFECT_WORDS = 10;
const ROUNDS = 24;

/** FIPS 202, 3.2.5: what iota adds to lane (0, 0), low and high word by round. */
const IOTA = Int32Array.of(
  0x00000001,
  0x00000000,
  0x00008082,
  0x00000000,
  0x0000808a,
  0x80000000,
  0x80008000,
  0x80000000,
  0x0000808b,
  0x00000000,
  0x80000001,
  0x00000000,
  0x80008081,
  0x80000000,
  0x00008009,
  0x80000000,
  0x0000008a,
  0x00000000,
  0x00000088,
  0x00000000,
  0x80008009,
  0x00000000,
  0x8000000a,
  0x00000000,
  0x8000808b,
  0x00000000,
  0x0000008b,
  0x80000000,
  0x00008089,
  0x80000000,
  0x00008003,
  0x80000000,
  0x00008002,
  0x80000000,
  0x00000080,
  0x80000000,
  0x0000800a,
  0x00000000,
  0x8000000a,
  0x80000000,
  0x80008081,
  0x80000000,
  0x00008080,
  0x80000000,
  0x80000001,
  0x00000000,
  0x80008008,
  0x80000000,
);

/**
 * Keccak-f[1600] in place, with `other` (50 words) and `effects` (10 words) as room to work in. Every index and every rotation is
 * written out, row by row: twice as fast as loops over tables of them, and a tree of 100,000 owners permutes 300,000 times.
 */
export function permute(state: Lanes, other: Lanes, effects: Lanes): void {
  for (let round = 0; round < ROUNDS; round += 2) {
    step(state, effects, other, round);
    step(other, effects, state, round + 1);
  }
}

/** One round, from `a` to `e`; the rows do theta's sum, rho, pi and chi at once. */
function step(a: Lanes, d: Lanes, e: Lanes, round: number): void {
  theta(a, d);
  row0(a, d, e);
  row1(a, d, e);
  row2(a, d, e);
  row3(a, d, e);
  row4(a, d, e);
  e[0] = word(e, 0) ^ word(IOTA, 2 * round);
  e[1] = word(e, 1) ^ word(IOTA, 2 * round + 1);
}

/** Every index here is within its array. */
const word = (lanes: Lanes, index: number): number => lanes[index] as number;

/** What theta adds to each column: the parity of the column before, and of the one behind, turned by a bit. */
function theta(a: Lanes, d: Lanes): void {
  const l0 = word(a, 0) ^ word(a, 10) ^ word(a, 20) ^ word(a, 30) ^ word(a, 40);
  const h0 = word(a, 1) ^ word(a, 11) ^ word(a, 21) ^ word(a, 31) ^ word(a, 41);
  const l1 = word(a, 2) ^ word(a, 12) ^ word(a, 22) ^ word(a, 32) ^ word(a, 42);
  const h1 = word(a, 3) ^ word(a, 13) ^ word(a, 23) ^ word(a, 33) ^ word(a, 43);
  const l2 = word(a, 4) ^ word(a, 14) ^ word(a, 24) ^ word(a, 34) ^ word(a, 44);
  const h2 = word(a, 5) ^ word(a, 15) ^ word(a, 25) ^ word(a, 35) ^ word(a, 45);
  const l3 = word(a, 6) ^ word(a, 16) ^ word(a, 26) ^ word(a, 36) ^ word(a, 46);
  const h3 = word(a, 7) ^ word(a, 17) ^ word(a, 27) ^ word(a, 37) ^ word(a, 47);
  const l4 = word(a, 8) ^ word(a, 18) ^ word(a, 28) ^ word(a, 38) ^ word(a, 48);
  const h4 = word(a, 9) ^ word(a, 19) ^ word(a, 29) ^ word(a, 39) ^ word(a, 49);
  d[0] = l4 ^ ((l1 << 1) | (h1 >>> 31));
  d[1] = h4 ^ ((h1 << 1) | (l1 >>> 31));
  d[2] = l0 ^ ((l2 << 1) | (h2 >>> 31));
  d[3] = h0 ^ ((h2 << 1) | (l2 >>> 31));
  d[4] = l1 ^ ((l3 << 1) | (h3 >>> 31));
  d[5] = h1 ^ ((h3 << 1) | (l3 >>> 31));
  d[6] = l2 ^ ((l4 << 1) | (h4 >>> 31));
  d[7] = h2 ^ ((h4 << 1) | (l4 >>> 31));
  d[8] = l3 ^ ((l0 << 1) | (h0 >>> 31));
  d[9] = h3 ^ ((h0 << 1) | (l0 >>> 31));
}

function row0(a: Lanes, d: Lanes, e: Lanes): void {
  const l0 = word(a, 0) ^ word(d, 0);
  const h0 = word(a, 1) ^ word(d, 1);
  const p1 = word(a, 12) ^ word(d, 2);
  const q1 = word(a, 13) ^ word(d, 3);
  const l1 = (q1 << 12) | (p1 >>> 20);
  const h1 = (p1 << 12) | (q1 >>> 20);
  const p2 = word(a, 24) ^ word(d, 4);
  const q2 = word(a, 25) ^ word(d, 5);
  const l2 = (q2 << 11) | (p2 >>> 21);
  const h2 = (p2 << 11) | (q2 >>> 21);
  const p3 = word(a, 36) ^ word(d, 6);
  const q3 = word(a, 37) ^ word(d, 7);
  const l3 = (p3 << 21) | (q3 >>> 11);
  const h3 = (q3 << 21) | (p3 >>> 11);
  const p4 = word(a, 48) ^ word(d, 8);
  const q4 = word(a, 49) ^ word(d, 9);
  const l4 = (p4 << 14) | (q4 >>> 18);
  const h4 = (q4 << 14) | (p4 >>> 18);
  e[0] = l0 ^ (~l1 & l2);
  e[1] = h0 ^ (~h1 & h2);
  e[2] = l1 ^ (~l2 & l3);
  e[3] = h1 ^ (~h2 & h3);
  e[4] = l2 ^ (~l3 & l4);
  e[5] = h2 ^ (~h3 & h4);
  e[6] = l3 ^ (~l4 & l0);
  e[7] = h3 ^ (~h4 & h0);
  e[8] = l4 ^ (~l0 & l1);
  e[9] = h4 ^ (~h0 & h1);
}

function row1(a: Lanes, d: Lanes, e: Lanes): void {
  const p0 = word(a, 6) ^ word(d, 6);
  const q0 = word(a, 7) ^ word(d, 7);
  const l0 = (p0 << 28) | (q0 >>> 4);
  const h0 = (q0 << 28) | (p0 >>> 4);
  const p1 = word(a, 18) ^ word(d, 8);
  const q1 = word(a, 19) ^ word(d, 9);
  const l1 = (p1 << 20) | (q1 >>> 12);
  const h1 = (q1 << 20) | (p1 >>> 12);
  const p2 = word(a, 20) ^ word(d, 0);
  const q2 = word(a, 21) ^ word(d, 1);
  const l2 = (p2 << 3) | (q2 >>> 29);
  const h2 = (q2 << 3) | (p2 >>> 29);
  const p3 = word(a, 32) ^ word(d, 2);
  const q3 = word(a, 33) ^ word(d, 3);
  const l3 = (q3 << 13) | (p3 >>> 19);
  const h3 = (p3 << 13) | (q3 >>> 19);
  const p4 = word(a, 44) ^ word(d, 4);
  const q4 = word(a, 45) ^ word(d, 5);
  const l4 = (q4 << 29) | (p4 >>> 3);
  const h4 = (p4 << 29) | (q4 >>> 3);
  e[10] = l0 ^ (~l1 & l2);
  e[11] = h0 ^ (~h1 & h2);
  e[12] = l1 ^ (~l2 & l3);
  e[13] = h1 ^ (~h2 & h3);
  e[14] = l2 ^ (~l3 & l4);
  e[15] = h2 ^ (~h3 & h4);
  e[16] = l3 ^ (~l4 & l0);
  e[17] = h3 ^ (~h4 & h0);
  e[18] = l4 ^ (~l0 & l1);
  e[19] = h4 ^ (~h0 & h1);
}

function row2(a: Lanes, d: Lanes, e: Lanes): void {
  const p0 = word(a, 2) ^ word(d, 2);
  const q0 = word(a, 3) ^ word(d, 3);
  const l0 = (p0 << 1) | (q0 >>> 31);
  const h0 = (q0 << 1) | (p0 >>> 31);
  const p1 = word(a, 14) ^ word(d, 4);
  const q1 = word(a, 15) ^ word(d, 5);
  const l1 = (p1 << 6) | (q1 >>> 26);
  const h1 = (q1 << 6) | (p1 >>> 26);
  const p2 = word(a, 26) ^ word(d, 6);
  const q2 = word(a, 27) ^ word(d, 7);
  const l2 = (p2 << 25) | (q2 >>> 7);
  const h2 = (q2 << 25) | (p2 >>> 7);
  const p3 = word(a, 38) ^ word(d, 8);
  const q3 = word(a, 39) ^ word(d, 9);
  const l3 = (p3 << 8) | (q3 >>> 24);
  const h3 = (q3 << 8) | (p3 >>> 24);
  const p4 = word(a, 40) ^ word(d, 0);
  const q4 = word(a, 41) ^ word(d, 1);
  const l4 = (p4 << 18) | (q4 >>> 14);
  const h4 = (q4 << 18) | (p4 >>> 14);
  e[20] = l0 ^ (~l1 & l2);
  e[21] = h0 ^ (~h1 & h2);
  e[22] = l1 ^ (~l2 & l3);
  e[23] = h1 ^ (~h2 & h3);
  e[24] = l2 ^ (~l3 & l4);
  e[25] = h2 ^ (~h3 & h4);
  e[26] = l3 ^ (~l4 & l0);
  e[27] = h3 ^ (~h4 & h0);
  e[28] = l4 ^ (~l0 & l1);
  e[29] = h4 ^ (~h0 & h1);
}

function row3(a: Lanes, d: Lanes, e: Lanes): void {
  const p0 = word(a, 8) ^ word(d, 8);
  const q0 = word(a, 9) ^ word(d, 9);
  const l0 = (p0 << 27) | (q0 >>> 5);
  const h0 = (q0 << 27) | (p0 >>> 5);
  const p1 = word(a, 10) ^ word(d, 0);
  const q1 = word(a, 11) ^ word(d, 1);
  const l1 = (q1 << 4) | (p1 >>> 28);
  const h1 = (p1 << 4) | (q1 >>> 28);
  const p2 = word(a, 22) ^ word(d, 2);
  const q2 = word(a, 23) ^ word(d, 3);
  const l2 = (p2 << 10) | (q2 >>> 22);
  const h2 = (q2 << 10) | (p2 >>> 22);
  const p3 = word(a, 34) ^ word(d, 4);
  const q3 = word(a, 35) ^ word(d, 5);
  const l3 = (p3 << 15) | (q3 >>> 17);
  const h3 = (q3 << 15) | (p3 >>> 17);
  const p4 = word(a, 46) ^ word(d, 6);
  const q4 = word(a, 47) ^ word(d, 7);
  const l4 = (q4 << 24) | (p4 >>> 8);
  const h4 = (p4 << 24) | (q4 >>> 8);
  e[30] = l0 ^ (~l1 & l2);
  e[31] = h0 ^ (~h1 & h2);
  e[32] = l1 ^ (~l2 & l3);
  e[33] = h1 ^ (~h2 & h3);
  e[34] = l2 ^ (~l3 & l4);
  e[35] = h2 ^ (~h3 & h4);
  e[36] = l3 ^ (~l4 & l0);
  e[37] = h3 ^ (~h4 & h0);
  e[38] = l4 ^ (~l0 & l1);
  e[39] = h4 ^ (~h0 & h1);
}

function row4(a: Lanes, d: Lanes, e: Lanes): void {
  const p0 = word(a, 4) ^ word(d, 4);
  const q0 = word(a, 5) ^ word(d, 5);
  const l0 = (q0 << 30) | (p0 >>> 2);
  const h0 = (p0 << 30) | (q0 >>> 2);
  const p1 = word(a, 16) ^ word(d, 6);
  const q1 = word(a, 17) ^ word(d, 7);
  const l1 = (q1 << 23) | (p1 >>> 9);
  const h1 = (p1 << 23) | (q1 >>> 9);
  const p2 = word(a, 28) ^ word(d, 8);
  const q2 = word(a, 29) ^ word(d, 9);
  const l2 = (q2 << 7) | (p2 >>> 25);
  const h2 = (p2 << 7) | (q2 >>> 25);
  const p3 = word(a, 30) ^ word(d, 0);
  const q3 = word(a, 31) ^ word(d, 1);
  const l3 = (q3 << 9) | (p3 >>> 23);
  const h3 = (p3 << 9) | (q3 >>> 23);
  const p4 = word(a, 42) ^ word(d, 2);
  const q4 = word(a, 43) ^ word(d, 3);
  const l4 = (p4 << 2) | (q4 >>> 30);
  const h4 = (q4 << 2) | (p4 >>> 30);
  e[40] = l0 ^ (~l1 & l2);
  e[41] = h0 ^ (~h1 & h2);
  e[42] = l1 ^ (~l2 & l3);
  e[43] = h1 ^ (~h2 & h3);
  e[44] = l2 ^ (~l3 & l4);
  e[45] = h2 ^ (~h3 & h4);
  e[46] = l3 ^ (~l4 & l0);
  e[47] = h3 ^ (~h4 & h0);
  e[48] = l4 ^ (~l0 & l1);
  e[49] = h4 ^ (~h0 & h1);
}
