import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Keystore } from 'ox';
import { bytesToHex, hexToBytes } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OwnerProof } from '../proofs/owner-proof.ts';
import { type ProofMirror, startProofMirror } from '../testing/proof-mirror.ts';
import { SettlementFixture } from '../testing/settlement-fixture.ts';

/** Account 3 of the public test phrase: `owner` of the fixture. */
const OWNER_KEY = '0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6';
const PASSWORD = 'correct horse';
const TOKEN = 10n ** 18n;
const OTHER = '0x2222222222222222222222222222222222222222';
const KEY = '4e'.repeat(32);

interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let fixture: SettlementFixture;
let mirror: ProofMirror;
let liar: ProofMirror;
let folder: string;
let environment: Record<string, string>;

function run(command: 'claim' | 'deploy', args: readonly string[], env = environment): Promise<Finished> {
  const script = fileURLToPath(new URL(`../../bin/sextant-${command}.js`, import.meta.url));
  const child = spawn(process.execPath, [script, ...args], { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (err += String(chunk)));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

const lines = ({ out }: Finished): unknown[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sextant-cli-'));
  [fixture, mirror, liar] = await Promise.all([SettlementFixture.start(4), startProofMirror(), startProofMirror()]);
  const [key, options] = Keystore.scrypt({ password: PASSWORD, n: 1024 });
  await writeFile(join(folder, 'wallet.json'), JSON.stringify(Keystore.encrypt(OWNER_KEY, key, options)));
  await writeFile(join(folder, 'deployment.json'), JSON.stringify(fixture.deployment));
  environment = {
    PATH: process.env['PATH'] ?? '',
    SEXTANT_RPC_URL: fixture.chain.rpcUrl,
    SEXTANT_MIRRORS: `${liar.url},${mirror.url}`,
    SEXTANT_KEYSTORE: 'wallet.json',
    SEXTANT_KEYSTORE_PASSWORD: PASSWORD,
  };
  const list = ([fixture.address('owner'), OTHER] as const).map((address, i) => ({
    owner: hexToBytes(address),
    cumulative: BigInt(i + 1) * TOKEN,
  }));
  const { tree } = await fixture.settle({ leaves: list });
  const proofs = list.map(({ owner, cumulative }): OwnerProof => {
    return { epoch: 0, owner: bytesToHex(owner), cumulative, path: tree.findProof(owner) ?? [] };
  });
  mirror.serve(proofs);
  liar.serve(proofs.map((proof) => ({ ...proof, cumulative: proof.cumulative * 2n })));
}, 120_000);
afterAll(async () => {
  await Promise.all([fixture.stop(), mirror.stop(), liar.stop()]);
  await rm(folder, { recursive: true });
});

/** One story: each test goes on where the one before stopped. */
describe('sextant-claim', { timeout: 120_000 }, () => {
  it('shows what can be claimed, and which mirror lied', async () => {
    const shown = await run('claim', ['claimable', '--owner', fixture.address('owner')]);
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('can claim 1 tokens (epoch 0)');
    expect(shown.out).toContain(`not used: ${liar.url} (wrong_proof)`);
  });

  it('claims once; the second time there is nothing', async () => {
    const first = await run('claim', ['claim', '--json']);
    expect(lines(first).at(-1)).toMatchObject({
      call: 'claim',
      owner: fixture.address('owner'),
      amount: String(TOKEN),
    });
    expect(first.code).toBe(0);
    const second = await run('claim', ['claim', '--json']);
    expect(lines(second).at(-1)).toMatchObject({ amount: '0', claimed: String(TOKEN) });
    expect(second.code).toBe(3);
    const history = lines(await run('claim', ['history', '--json']));
    expect(history).toMatchObject([{ paid: String(TOKEN), cumulative: String(TOKEN) }]);
  });

  it('claims for others in one transaction, and shows a proof to keep', async () => {
    const proof = lines(await run('claim', ['proof', '--owner', OTHER, '--json'])).at(-1);
    expect(proof).toMatchObject({ epoch: 0, cumulative: String(2n * TOKEN) });
    const all = await run('claim', ['claim', '--all', '--owner', OTHER, '--owner', fixture.address('owner')]);
    expect(all.out).toContain(`Claimed (epoch 0):\n  2 tokens for ${OTHER}\n`);
    expect(all.code).toBe(0);
  });

  it('does not take no answer for nothing to claim', async () => {
    const asked = await run('claim', ['claimable', '--mirror', 'http://127.0.0.1:1', '--json']);
    expect(asked.code).toBe(1);
    expect(lines(asked).at(-1)).toMatchObject({ unknown: true });
  });

  it('registers, offers, freezes, pays out and releases', async () => {
    const possession = ['--possession', '51'.repeat(64)];
    const commands: readonly (readonly string[])[] = [
      ['register', KEY, ...possession],
      ['transfer', KEY, '--to', OTHER],
      ['freeze', KEY],
      ['freeze', KEY, '--undo'],
      ['payout', OTHER],
      ['release', KEY],
    ];
    for (const command of commands) expect((await run('claim', [...command])).code, command.join(' ')).toBe(0);
    const early = await run('claim', ['release', KEY]);
    expect(early.code).toBe(1);
    expect(early.err).toContain('ReleaseNotDue');
    expect(early.err).toContain('Run this again then');
  });

  it('teaches, and says what is wrong with a command line', async () => {
    const help = await run('claim', ['--help']);
    expect(help.code).toBe(0);
    expect(help.out).toContain('sextant-claim claimable');
    const wrong: readonly (readonly string[])[] = [
      ['clam'],
      ['claimable', '--owner', '0x12'],
      ['transfer', KEY],
      ['register', 'xyz'],
      ['claimable', '--rpc', 'ftp://x'],
    ];
    for (const args of wrong) expect((await run('claim', args)).code, args.join(' ')).toBe(2);
    const absent = await run('claim', ['history', '--deployment', 'absent.json', '--json']);
    expect(absent.code).toBe(1);
    expect(lines(absent)).toMatchObject([{ error: 'file' }]);
  });

  it('takes no secret as an argument, and prints none', async () => {
    const refused = await run('claim', ['claim', '--private-key', OWNER_KEY]);
    expect(refused.code).toBe(2);
    const wrong = await run('claim', ['claim'], { ...environment, SEXTANT_KEYSTORE_PASSWORD: 'battery staple' });
    expect(wrong.code).toBe(1);
    const secretUrl = await run('claim', ['history', '--rpc', 'http://127.0.0.1:1/v3/secretaccess']);
    expect(secretUrl.code).toBe(1);
    for (const { out, err } of [refused, wrong, secretUrl]) {
      expect(out + err).not.toContain(OWNER_KEY.slice(2, 20));
      expect(out + err).not.toMatch(/correct horse|battery staple|secretaccess/);
    }
  });

  it('refuses another chain before it opens a key', async () => {
    await writeFile(join(folder, 'elsewhere.json'), JSON.stringify({ ...fixture.deployment, chainId: 1 }));
    const env = { ...environment, SEXTANT_KEYSTORE: 'absent.json' };
    const refused = await run('claim', ['claim', '--deployment', 'elsewhere.json'], env);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('on chain 1, but this endpoint serves chain 31337');
  });

  it('watches epochs become claimable, until it is stopped', async () => {
    const script = fileURLToPath(new URL('../../bin/sextant-claim.js', import.meta.url));
    const child = spawn(process.execPath, [script, 'watch', '--json'], { env: environment, cwd: folder });
    let out = '';
    const said = (text: string): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => (out.includes(text) ? resolve() : undefined);
        child.stdout.on('data', (chunk: Buffer) => {
          out += String(chunk);
          look();
        });
      });
    await said('watching');
    const seen = said('"epoch":1');
    await fixture.settle({ leaves: [{ owner: hexToBytes(OTHER), cumulative: 5n * TOKEN }] });
    await seen;
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(out).toContain(`"minted":"${2n * TOKEN}"`);
  });
});

describe('sextant-deploy', { timeout: 120_000 }, () => {
  it('deploys from a file, verifies, and overwrites nothing', async () => {
    const text = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
    await writeFile(join(folder, 'network.json'), JSON.stringify(fixture.config, text));
    const args = ['--config', 'network.json', '--deployment', 'mine.json', '--json'];
    const deployed = await run('deploy', args);
    expect(deployed.code, deployed.err).toBe(0);
    expect(lines(deployed).at(-1)).toMatchObject({ verified: true });
    expect(JSON.parse(await readFile(join(folder, 'mine.json'), 'utf8'))).toMatchObject({
      version: 1,
      chainId: 31_337,
    });
    expect((await run('deploy', args)).code).toBe(2);
    expect((await run('deploy', ['--verify', '--deployment', 'mine.json'])).code).toBe(0);
  });

  it('finds a deployment file that names another contract', async () => {
    const { contracts } = fixture.deployment;
    const bad = { ...fixture.deployment, contracts: { ...contracts, distributor: contracts.token } };
    await writeFile(join(folder, 'bad.json'), JSON.stringify(bad));
    const verified = await run('deploy', ['--verify', '--deployment', 'bad.json', '--json']);
    expect(verified.code).toBe(1);
    expect(lines(verified)[0]).toEqual({ contract: 'distributor', fault: 'other_code' });
  });

  it('says what is wrong with a configuration before it sends anything', async () => {
    await writeFile(join(folder, 'wrong.json'), JSON.stringify({ chainId: 31_337 }));
    const refused = await run('deploy', ['--config', 'wrong.json', '--deployment', 'never.json']);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('validators');
    await expect(readFile(join(folder, 'never.json'))).rejects.toThrow();
  });
});
