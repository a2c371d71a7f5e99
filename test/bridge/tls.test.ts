import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { createServer, type Server } from 'node:tls';
import type { NetworkFacts } from '@sextant/firmware-bridge/bridge';
import { type Logger, pino } from 'pino';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Certificate, createAuthority, createServerCertificate } from '../support/certificates.ts';
import { BridgeHarness, beaconFrame, eui, type RunningBridge } from './support/bridge-harness.ts';

let authority: Certificate;
let another: Certificate;
let harness: BridgeHarness;
const fronts: Server[] = [];

beforeAll(async () => {
  [authority, another] = await Promise.all([createAuthority('Ours'), createAuthority('Theirs')]);
});
beforeEach(async () => {
  harness = await BridgeHarness.begin();
});
afterEach(async () => {
  await harness.end();
  for (const front of fronts.splice(0)) front.close();
});

/** TLS before the broker. What comes back is its port on 127.0.0.1. */
async function startFront({ cert, key }: Certificate): Promise<number> {
  const brokerPort = Number(new URL(harness.oracle.brokerUrl).port);
  const front = createServer({ cert, key, minVersion: 'TLSv1.2' }, (secured) => {
    const plain = connect(brokerPort, '127.0.0.1');
    secured.on('error', () => plain.destroy()).on('close', () => plain.destroy());
    plain.on('error', () => secured.destroy()).on('close', () => secured.destroy());
    secured.pipe(plain).pipe(secured);
  });
  fronts.push(front);
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  return (front.address() as AddressInfo).port;
}

function factsFor(brokerUrl: string): NetworkFacts {
  const facts = harness.oracle.facts();
  return { ...facts, validators: facts.validators.map((validator) => ({ ...validator, brokerUrl })) };
}

interface Logged {
  readonly level: number;
  readonly msg: string;
}

function logInto(lines: Logged[]): Logger {
  return pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line) as Logged) });
}

async function start(brokerUrl: string, ca: Certificate | undefined, logger?: Logger): Promise<RunningBridge> {
  const options = { facts: factsFor(brokerUrl), ...(ca ? { ca: Buffer.from(ca.cert) } : {}) };
  return harness.start({ options, ...(logger ? { logger } : {}) });
}

async function sessionOf({ bridge }: RunningBridge) {
  return (await bridge.status()).participants[0]?.sessions[0];
}

describe('a broker reached over TLS', () => {
  it('is trusted by the authority that the owner names, and receipts what is reported', async () => {
    const port = await startFront(await createServerCertificate(authority, { name: '127.0.0.1' }));
    const running = await start(`mqtts://127.0.0.1:${port}`, authority);
    for (let i = 0; i < 20; i++) running.driver.hear(eui(1), beaconFrame(i));
    await running.bridge.idle();
    const [participant] = (await running.bridge.status()).participants;
    expect(participant?.outbox.totals.receipted.witness).toBe(20);
    expect(await sessionOf(running)).toMatchObject({ connected: true });
  });

  it.each([
    ['from an authority nobody named', undefined, () => authority, '127.0.0.1', 1, /ca_file = /],
    ['from another authority than the one named', () => another, () => authority, '127.0.0.1', 1, /mqtt\.ca_file/],
    ['for another name', () => authority, () => authority, 'oracle.example', 1, /network\.json/],
    ['that has expired', () => authority, () => authority, '127.0.0.1', -1, /timedatectl/],
  ] as const)('is refused with a certificate %s, and the owner is told what to do', async (...row) => {
    const [, named, signedBy, name, days, advice] = row;
    const notAfter = new Date(Date.now() + days * 86_400_000);
    const port = await startFront(await createServerCertificate(signedBy(), { name, notAfter }));
    const lines: Logged[] = [];
    const running = await start(`mqtts://127.0.0.1:${port}`, named?.(), logInto(lines));
    running.driver.hear(eui(1), beaconFrame(1));
    await expect.poll(async () => (await sessionOf(running))?.problem ?? '').toMatch(advice);
    await expect
      .poll(() => lines.filter(({ level, msg }) => level === 40 && advice.test(msg)).length, { timeout: 10_000 })
      .toBe(1);
    expect(harness.oracle.logins + harness.oracle.refusedLogins).toBe(0);
    expect((await running.bridge.status()).participants[0]?.outbox.totals.receipted.witness ?? 0).toBe(0);
  });

  it('is told apart from one that speaks no TLS', async () => {
    const running = await start(harness.oracle.brokerUrl.replace('mqtt:', 'mqtts:'), authority);
    await expect
      .poll(async () => (await sessionOf(running))?.problem ?? '', { timeout: 20_000 })
      .toMatch(/does not answer in TLS.*8883/);
  });
});
