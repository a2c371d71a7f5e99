/**
 * Everything comes from this origin, MapLibre's worker too; no script in the page. Answers are public data, so other sites'
 * scripts may read them, but no other site may show these pages in a frame.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
};

/** Public data: any website may read it. */
export const PUBLIC_DATA_HEADERS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'ETag, Retry-After, Sextant-Summary-Hash',
};
