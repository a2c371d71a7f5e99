/** An object out of somebody else's JSON: fields are read one by one, and each may be anything. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object in UTF-8 JSON bytes, trailing NULs ignored (some forwarders send their terminator); undefined if there is none. */
export function parseJsonObject(bytes: Uint8Array): JsonObject | undefined {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, end).toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The number in a field, if it is one within [min, max]. */
export function numberIn(object: JsonObject, field: string, min: number, max: number): number | undefined {
  const value = object[field];
  return typeof value === 'number' && value >= min && value <= max ? value : undefined;
}

/** The integer in a field, if it is one within [min, max]. */
export function integerIn(object: JsonObject, field: string, min: number, max: number): number | undefined {
  const value = numberIn(object, field, min, max);
  return Number.isInteger(value) ? value : undefined;
}

/** The string in a field, if it is one no longer than `maxLength`. */
export function stringIn(object: JsonObject, field: string, maxLength: number): string | undefined {
  const value = object[field];
  return typeof value === 'string' && value.length <= maxLength ? value : undefined;
}
