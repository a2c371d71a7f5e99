import { generate } from 'selfsigned';

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface ServerCertificateOptions {
  /** Only whoever connects to this IPv4 address or name is shown a certificate that fits. */
  readonly name: string;
  readonly notAfter?: Date;
}

const EC = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;
const DAY_MS = 86_400_000;

/** A certificate authority of our own, made anew for each test. */
export async function createAuthority(name: string): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: name }], {
    ...EC,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** A server's certificate, signed by `authority`. */
export async function createServerCertificate(
  authority: Certificate,
  { name, notAfter = new Date(Date.now() + DAY_MS) }: ServerCertificateOptions,
): Promise<Certificate> {
  const isAddress = /^[\d.]+$/.test(name);
  const made = await generate([{ name: 'commonName', value: name }], {
    ...EC,
    ca: authority,
    notBeforeDate: new Date(notAfter.getTime() - 30 * DAY_MS),
    notAfterDate: notAfter,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [isAddress ? { type: 7, ip: name } : { type: 2, value: name }] },
    ],
  });
  return { cert: made.cert, key: made.private };
}
