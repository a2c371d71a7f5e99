import { bytesToHex } from '@sextant/firmware-bridge/protocol';

/** What has exactly one JSON text here: no fractions, no `null`, no `undefined`. */
export type CanonicalValue =
  | string
  | boolean
  | number
  | bigint
  | Uint8Array
  | readonly CanonicalValue[]
  | { readonly [name: string]: CanonicalValue };

/**
 * RFC 8785 JSON text: no blanks, object members sorted by the UTF-16 code units of their names. Numbers must be safe
 * integers; a bigint becomes a string of decimal digits, bytes a string of lower-case hex. Throws TypeError for
 * anything that would not have the same text everywhere: fractions, NaN, −0, lone surrogates, undefined members.
 */
export function canonicalJson(value: CanonicalValue): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'bigint') return `"${value}"`;
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new TypeError(`${value} is not an integer of ours`);
    return String(value);
  }
  if (value instanceof Uint8Array) return `"${bytesToHex(value)}"`;
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) return canonicalObject(value as Record<string, CanonicalValue>);
  throw new TypeError(`${typeof value} has no canonical JSON`);
}

function canonicalObject(value: Record<string, CanonicalValue>): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError('only plain objects are canonical');
  const names = Object.keys(value).sort(byCodeUnits);
  return `{${names.map((name) => `${quote(name)}:${canonicalJson(value[name] as CanonicalValue)}`).join(',')}}`;
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** RFC 8785 §3.2.2.2 is ECMAScript's own quoting, and lone surrogates are refused (§3.2.2.2, I-JSON). */
function quote(text: string): string {
  if (LONE_SURROGATE.test(text)) throw new TypeError('a lone surrogate has no canonical JSON');
  return JSON.stringify(text);
}

const LONE_SURROGATE = /\p{Surrogate}/u;
