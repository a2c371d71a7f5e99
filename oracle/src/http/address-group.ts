import { isIPv6 } from 'node:net';

/** Hextets of an IPv6 address that one customer has to itself (RFC 6177 gives at least a /64). */
const GROUP_HEXTETS = 4;

/** Who an address counts as: itself, or with IPv6 all of its /64, of which one customer has 2^64 addresses. */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const first = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - first.length - (tail === '' ? 0 : tail.split(':').length);
  const hextets = [...first, ...Array.from({ length: missing }, () => '0'), ...(tail ?? '').split(':')];
  return `${hextets
    .slice(0, GROUP_HEXTETS)
    .map((hextet) => hextet.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
