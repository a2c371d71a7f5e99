/** The server could not be started; the message says what to do. */
export class HttpServerError extends Error {
  override readonly name = 'HttpServerError';
  readonly code: 'port_in_use' | 'port_not_allowed' | 'address_unusable';

  constructor(code: HttpServerError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Explains why listening failed; gives back what it does not know. */
export function explainListenFailure(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return new HttpServerError(
        'port_in_use',
        `HTTP port ${port} on ${host} is in use, perhaps by another oracle. Stop that program, or choose another port.`,
        error,
      );
    case 'EACCES':
      return new HttpServerError(
        'port_not_allowed',
        `HTTP port ${port} is not allowed for this user. Choose one from 1024 up, and let a proxy take the lower one.`,
        error,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new HttpServerError(
        'address_unusable',
        `${host} is no address of this machine. Use 127.0.0.1 for this machine only, or 0.0.0.0 for every network.`,
        error,
      );
    default:
      return error;
  }
}
