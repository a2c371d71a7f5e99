/** Codes of OpenSSL's X.509 verification as Node.js names them (nodejs.org/api/tls.html, "X509 certificate error codes"). */
const UNKNOWN_AUTHORITY: ReadonlySet<string> = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
]);
const WRONG_TIME: ReadonlySet<string> = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);
/** What a TLS client says when the other side answers in another protocol. */
const NO_TLS: ReadonlySet<string> = new Set([
  'EPROTO',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
]);

export interface ConnectionFacts {
  readonly brokerUrl: string;
  /** An authority of our own is configured: the system's are not asked then. */
  readonly hasOwnAuthority: boolean;
}

/** Why there is no connection to a broker, and, where its owner can do something about it, what. */
export function adviseOnConnection(error: Error, { brokerUrl, hasOwnAuthority }: ConnectionFacts): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const host = new URL(brokerUrl).hostname;
  if (UNKNOWN_AUTHORITY.has(code)) {
    return hasOwnAuthority
      ? `the certificate of ${host} was not signed by the authority in mqtt.ca_file (${error.message}). Ask the validator's ` +
          'operator for the current file; where the certificate is from a public authority, leave ca_file out.'
      : `the certificate of ${host} is from an authority this machine does not know (${error.message}). If the validator's ` +
          'operator has an authority of its own, get its certificate and name the file:  [mqtt]  ca_file = "/where/it/is.pem"  in bridge.toml.';
  }
  if (WRONG_TIME.has(code)) {
    return `the certificate of ${host} is not valid today (${error.message}). Is this machine's clock right (timedatectl)? Then the validator's operator must renew it.`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `the certificate shown at ${brokerUrl} is for another name (${error.message}). Is the address in network.json right? If so, the validator's operator must correct the certificate, or somebody stands between.`;
  }
  // Node.js has no code of its own for it (lib/_tls_wrap.js, onConnectEnd).
  if (NO_TLS.has(code) || error.message.includes('before secure TLS connection')) {
    return `${brokerUrl} does not answer in TLS. Is the port right? MQTT over TLS is 8883 by custom, 1883 is not encrypted.`;
  }
  return error.message === '' ? code : error.message;
}
