declare const brand: unique symbol;

/** A gateway's 64-bit identifier as 16 lower-case hex digits. Free text in a file on the gateway: it proves nothing. */
export type GatewayEui = string & { readonly [brand]: 'gateway EUI' };

const SEPARATORS = /[-:]/g;
const SIXTEEN_HEX = /^[0-9a-f]{16}$/;

/** Reads `AA555A0000000000`, `aa-55-5a-00-00-00-00-00` and the like; undefined when it is not 64 bits of hex. */
export function parseGatewayEui(text: string): GatewayEui | undefined {
  if (text.length > 23) return undefined;
  const hex = text.replaceAll(SEPARATORS, '').toLowerCase();
  return SIXTEEN_HEX.test(hex) ? (hex as GatewayEui) : undefined;
}
