import { expect, it } from 'vitest';
import { IntakeError } from './intake-error.ts';
import { listen } from './listener.ts';

const local = { host: '127.0.0.1', port: 0, maxConnections: 1 };
const codeOf = async (opening: Promise<unknown>): Promise<string> =>
  opening.then(
    () => 'opened',
    (error: unknown) => (error instanceof IntakeError ? error.code : String(error)),
  );

it('says which port is taken', async () => {
  const first = await listen(local, () => undefined);
  expect(await codeOf(listen({ ...local, port: first.port }, () => undefined))).toBe('port_in_use');
  await first.close();
  const again = await listen({ ...local, port: first.port }, () => undefined);
  await again.close();
});

it('listens beyond loopback over TLS only', async () => {
  expect(await codeOf(listen({ ...local, host: '0.0.0.0' }, () => undefined))).toBe('tls_required');
  const tls = { certFile: '/nowhere/cert.pem', keyFile: '/nowhere/key.pem' };
  expect(await codeOf(listen({ ...local, tls }, () => undefined))).toBe('tls_unreadable');
});
