import { hexToBytes } from '@sextant/firmware-bridge/protocol';

/** Carries a refusal out of nested field checks; `decodeState` turns it into a value. */
export class StateFault extends Error {
  /** Path of what is wrong, e.g. `participant.home.cell`. */
  readonly field: string;
  constructor(field: string) {
    super(`${field} is not what a state holds`);
    this.name = 'StateFault';
    this.field = field;
  }
}

const HEX = /^(?:[0-9a-f]{2})*$/;
const DECIMAL = /^(?:0|[1-9][0-9]{0,90})$/;

/** Checked access to one parsed JSON object: every getter returns the value in its type or throws `StateFault`. */
export class JsonFields {
  readonly #path: string;
  readonly #members: Readonly<Record<string, unknown>>;

  constructor(path: string, value: unknown) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new StateFault(path);
    this.#path = path;
    this.#members = value as Record<string, unknown>;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#members, name);
  }

  text(name: string): string {
    const value = this.#members[name];
    if (typeof value !== 'string') throw this.#fault(name);
    return value;
  }

  integer(name: string, least = 0): number {
    const value = this.#members[name];
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < least) throw this.#fault(name);
    return value;
  }

  /** A decimal string. */
  amount(name: string): bigint {
    const value = this.text(name);
    if (!DECIMAL.test(value)) throw this.#fault(name);
    return BigInt(value);
  }

  /** Lower-case hex; any length unless one is given. */
  bytes(name: string, length?: number): Uint8Array {
    const value = this.text(name);
    if (!HEX.test(value) || (length !== undefined && value.length !== 2 * length)) throw this.#fault(name);
    return hexToBytes(value);
  }

  /** One of a closed list of names. */
  code<Name extends string>(name: string, codes: Readonly<Record<Name, number>>): Name {
    const value = this.text(name);
    if (!Object.hasOwn(codes, value)) throw this.#fault(name);
    return value as Name;
  }

  flag(name: string): boolean {
    const value = this.#members[name];
    if (typeof value !== 'boolean') throw this.#fault(name);
    return value;
  }

  /** Lower-case hex of one length each. */
  byteList(name: string, length: number): readonly Uint8Array[] {
    const value = this.#members[name];
    const isBytes = (item: unknown): item is string =>
      typeof item === 'string' && HEX.test(item) && item.length === 2 * length;
    if (!Array.isArray(value) || !value.every(isBytes)) throw this.#fault(name);
    return value.map(hexToBytes);
  }

  fields(name: string): JsonFields {
    return new JsonFields(`${this.#path}.${name}`, this.#members[name]);
  }

  list(name: string): readonly JsonFields[] {
    const value = this.#members[name];
    if (!Array.isArray(value)) throw this.#fault(name);
    return value.map((item, i) => new JsonFields(`${this.#path}.${name}[${i}]`, item));
  }

  integers(name: string): readonly number[] {
    const value = this.#members[name];
    if (!Array.isArray(value) || !value.every((item) => Number.isSafeInteger(item))) throw this.#fault(name);
    return value as number[];
  }

  #fault(name: string): StateFault {
    return new StateFault(`${this.#path}.${name}`);
  }
}
