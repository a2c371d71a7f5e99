import { execFile } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { registrationMessage } from '@sextant/contracts-client/encoding';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { parseId, unixMs } from '@sextant/firmware-bridge/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OracleWebsite } from './support/oracle-website.ts';
import { DEMO, TestOracle } from './support/test-oracle.ts';

const CLI = fileURLToPath(new URL('../../firmware-bridge/bin/sextant-bridge.js', import.meta.url));
const OWNER = '0x52908400098527886e0f7030069857d2e4169ee7';

let folder: string;
let oracle: TestOracle;
let website: OracleWebsite;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agree-'));
  oracle = new TestOracle(createSystemClock(), { genesisMs: unixMs(Date.now() - 600_000), ...DEMO });
  await oracle.start();
  website = new OracleWebsite(oracle.facts());
  await website.start();
});
afterAll(async () => {
  await website.stop();
  await oracle.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(...args: readonly string[]): Promise<Finished> {
  const env = { PATH: process.env['PATH'] ?? '', SEXTANT_DATA: folder };
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

/** Without an invitation unless told. */
const init = (...more: readonly string[]): Promise<Finished> => {
  const gateway = ['--gateway-eui', 'aa555a0000000001', '--region', 'EU868', '--location', '49.1951,16.6068'];
  const place = ['--antenna-height', '12', '--altitude', '240'];
  return run('init', '--by-deposit', '--network', website.url, '--owner', OWNER, ...gateway, ...place, ...more);
};

describe('agree', () => {
  const deployment = { version: 1, chainId: 5, contracts: { hotspots: `0x${'Ab'.repeat(20)}` } };

  it('signs what contracts and validators check, for the owner named alone', async () => {
    expect((await init('--invitation', 'good-code')).err).toContain('exclude each other');
    expect((await init()).out).toContain(`sextant-bridge agree --owner ${OWNER}`);
    expect(website.joined).toEqual([]);
    const file = join(folder, 'deployment.json');
    await writeFile(file, JSON.stringify(deployment));
    const { code, out } = await run('agree', '--owner', OWNER, '--deployment', file, '--json');
    expect(code).toBe(0);
    const { id, key, owner, possession } = JSON.parse(out) as Record<string, string>;
    expect(Buffer.from(parseId(id ?? '')?.publicKey ?? []).toString('hex')).toBe(key);
    const registration = {
      chainId: deployment.chainId,
      registry: Buffer.from('ab'.repeat(20), 'hex'),
      hotspotKey: Buffer.from(key ?? '', 'hex'),
      owner: Buffer.from(OWNER.slice(2), 'hex'),
    };
    expect(owner).toBe(OWNER);
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key ?? '', 'hex').toString('base64url') };
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    const signature = Buffer.from(possession ?? '', 'hex');
    expect(verify(null, registrationMessage(registration), publicKey, signature)).toBe(true);
    const text = await run('agree', '--owner', OWNER, '--deployment', file);
    expect(text.out).toContain(`sextant-claim register ${key} --possession ${possession}`);
  });

  it('says what is missing', async () => {
    expect((await run('agree')).err).toContain('--owner is missing');
    expect((await run('agree', '--owner', '0x12')).err).toContain('--owner');
    expect((await run('agree', '--owner', OWNER, '--deployment', join(folder, 'none'))).err).toContain(
      'cannot be read',
    );
    const file = join(folder, 'deployment.json');
    await writeFile(file, '{}');
    expect((await run('agree', '--owner', OWNER, '--deployment', file)).err).toContain('no deployment file');
    await writeFile(file, JSON.stringify(deployment));
    const unknown = await run('agree', '--owner', OWNER, '--deployment', file, '--hotspot', 'hs1other');
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('This bridge serves: hs1')]);
  });
});
