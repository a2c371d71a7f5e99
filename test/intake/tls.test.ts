import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Certificate, createAuthority, createServerCertificate } from '../support/certificates.ts';
import { connect, HotspotClient, meaningOf } from './support/hotspot-client.ts';
import { batchOf, hotspot, knowing, tokenOf } from './support/participants.ts';
import { embedded, startTestIntake, type TestIntake } from './support/test-intake.ts';

const clock = createSystemClock();
const anna = hotspot(1);
let folder: string;
let authority: Certificate;
let intake: TestIntake;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'intake-tls-'));
  authority = await createAuthority('The operator');
  const { cert, key } = await createServerCertificate(authority, { name: '127.0.0.1' });
  const tls = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  await writeFile(tls.certFile, cert);
  await writeFile(tls.keyFile, key, { mode: 0o600 });
  intake = await startTestIntake({ folder, clock, knownKeys: knowing([anna]), broker: { ...embedded, tls } });
});
afterEach(async () => {
  await intake.close();
  await rm(folder, { recursive: true });
});

it('takes reports over TLS, and nothing in clear on that port', async () => {
  const password = tokenOf(anna, clock.now());
  const client = await HotspotClient.open(`mqtts://127.0.0.1:${intake.port}`, anna, password, { ca: authority.cert });
  const envelope = batchOf(anna, { sequence: 1, createdAtMs: clock.now() });
  expect(meaningOf(envelope, await client.send(envelope), anna)).toBe('receipt 0');
  await client.close();

  const login = { username: anna.id, clientId: anna.id, password };
  await expect(connect(`mqtt://127.0.0.1:${intake.port}`, login, { connectTimeout: 2_000 })).rejects.toThrow();
  await expect(connect(`mqtts://127.0.0.1:${intake.port}`, login)).rejects.toMatchObject({
    code: expect.stringMatching(/UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)/),
  });
});
