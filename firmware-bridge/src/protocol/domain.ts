import { concatBytes, utf8ToBytes } from './bytes.ts';

/**
 * Every signature and hash of the protocol starts with its own domain, so that bytes made for one purpose mean
 * nothing for another: `domain ‖ 0x00 ‖ …`.
 */
export const DOMAINS = {
  announcement: 'sextant/v1/announcement',
  report: 'sextant/v1/report',
  reportId: 'sextant/v1/report-id',
  record: 'sextant/v1/record',
  beacon: 'sextant/v1/beacon',
  beaconParameters: 'sextant/v1/beacon-parameters',
  chain: 'sextant/v1/chain',
  entropy: 'sextant/v1/entropy',
  join: 'sextant/v1/join',
  login: 'sextant/v1/login',
  refusal: 'sextant/v1/refusal',
  round: 'sextant/v1/round',
  successor: 'sextant/v1/successor',
  witness: 'sextant/v1/witness',
  witnessRank: 'sextant/v1/witness-rank',
} as const;

export type Domain = (typeof DOMAINS)[keyof typeof DOMAINS];

const NETWORK_ID = /^[a-z0-9-]{1,32}$/;

/** 1 to 32 of a–z, 0–9, '-'. No byte of it can begin a protobuf payload, so `networkId ‖ payload` is unambiguous. */
export function isNetworkId(text: string): boolean {
  return NETWORK_ID.test(text);
}

/** `domain ‖ 0x00` of each: every commitment a validator checks starts with one. */
const PREFIXES: ReadonlyMap<Domain, Uint8Array> = new Map(
  Object.values(DOMAINS).map((domain) => [domain, concatBytes(utf8ToBytes(domain), Uint8Array.of(0))]),
);

/** `domain ‖ 0x00 ‖ parts…`: for what holds on every network. */
export function domainBytes(domain: Domain, ...parts: Uint8Array[]): Uint8Array {
  return concatBytes(PREFIXES.get(domain) as Uint8Array, ...parts);
}

/** `domain ‖ 0x00 ‖ networkId ‖ parts…`: the message that is signed or hashed. */
export function domainMessage(domain: Domain, networkId: string, ...parts: Uint8Array[]): Uint8Array {
  return domainBytes(domain, utf8ToBytes(networkId), ...parts);
}
