import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import type { AccusationView, HotspotRewardView, Page } from '@sextant/oracle/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownerKeyOf } from '../network/demo-owner-key.ts';
import { OracleApi } from '../network/oracle-api.ts';
import { PROGRAMS } from '../network/programs.ts';
import { planCity } from '../simulator/city-plan.ts';
import { LaunchedNetwork } from './launched-network.ts';

/** A machine that does other things as well. */
const TIMEOUT_MS = 300_000;
const CLAIM = fileURLToPath(new URL('../../contracts-client/bin/sextant-claim.js', import.meta.url));
const CITY = { hotspots: 24, cheaters: 4, cars: 2 };
const CODE = 'levels_not_reciprocal';

let folder: string;
let network: LaunchedNetwork;
let api: OracleApi;
/** Whose amplifier is 19 dB louder than its owner knows. */
let accused: { readonly id: string; readonly eui: string; readonly bridge: string };

interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  return new Promise<Finished>((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', ...environment };
    execFile(process.execPath, [program, ...args], { env, cwd: folder }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

const oracle = (...args: readonly string[]) =>
  run(PROGRAMS.oracle, [...args, '--data', join(folder, 'city', 'oracle')]);
const appeal = (...args: readonly string[]) =>
  run(PROGRAMS.bridge, ['appeal', '--data', accused.bridge, '--network-url', api.url, ...args]);
const claim = (eui: string) =>
  run(CLAIM, ['appeal', 'appeal.json'], { SEXTANT_PRIVATE_KEY: `0x${bytesToHex(ownerKeyOf(eui))}` });

/** What the API says stands against it; undefined while nothing does. */
async function standing(): Promise<AccusationView | undefined> {
  const { accusations } = await api.location(accused.id).catch(() => ({ accusations: [] }));
  return accusations.find(({ code }) => code === CODE);
}

async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  let found: T | undefined;
  const look = async (): Promise<boolean> => {
    found = await ask();
    return found !== undefined;
  };
  await expect.poll(look, { timeout: TIMEOUT_MS / 2, interval: 200 }).toBe(true);
  return found as T;
}

async function findAccused(): Promise<typeof accused> {
  const { hotspots } = planCity({ seed: 'sextant', ...CITY });
  const eui = hotspots.find(({ cheat }) => cheat === 'over_power')?.eui ?? '';
  for (const name of ['bridge-1', 'bridge-2']) {
    const bridge = join(folder, 'city', name);
    const known = JSON.parse(await readFile(join(bridge, 'participants.json'), 'utf8')) as {
      eui: string;
      id: string;
    }[];
    const id = known.find((one) => one.eui === eui)?.id;
    if (id !== undefined) return { id, eui, bridge };
  }
  throw new Error('nobody sends louder than said');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'appeal-'));
  const flags = Object.entries(CITY).map(([name, count]) => `--${name}=${count}`);
  const short = ['--round=4s', '--epoch=8s', '--no-chain'];
  network = new LaunchedNetwork(join(folder, 'city'), [...flags, ...short]);
});
afterAll(async () => {
  for (const pid of network.processes()) process.kill(pid, 'SIGKILL');
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

/** One story: each test goes on where the one before stopped. */
describe.sequential('an owner who is accused', () => {
  let before: AccusationView;

  it(
    'sees what stands, on which evidence and until when, and so does the validator',
    async () => {
      api = new OracleApi(await network.url());
      accused = await findAccused();
      before = await until(async () => ((await standing())?.accused ? standing() : undefined));
      const shown = await appeal('--hotspot', accused.id);
      expect(shown).toMatchObject({ code: 0, err: '' });
      for (const part of [`ACCUSED of ${CODE}`, 'loss out less in', `--accusation ${CODE}`]) {
        expect(shown.out).toContain(part);
      }
      const listed = await oracle('accusations');
      expect(listed.out).toMatch(new RegExp(`${accused.id}\\)\\n {2}Accused of ${CODE}`));
      const early = await oracle('review', accused.id, '--accusation', CODE, '--dismiss');
      expect(early).toMatchObject({ code: 1 });
      expect(early.err).toContain('has not appealed');
    },
    TIMEOUT_MS,
  );

  it(
    'appeals with the owner’s key, and with no other',
    async () => {
      expect(await appeal('--accusation', CODE, '--write', 'appeal.json')).toMatchObject({ code: 0, err: '' });
      const unsigned = await appeal('--send', 'appeal.json');
      expect(unsigned).toMatchObject({ code: 1 });
      expect(unsigned.err).toContain('not signed yet');
      expect((await claim('of somebody else')).code).toBe(0);
      const foreign = await appeal('--send', 'appeal.json');
      expect(foreign.err).toContain('not of the owner');
      const signed = await claim(accused.eui);
      expect(signed).toMatchObject({ code: 0, err: '' });
      expect(signed.out).not.toContain(bytesToHex(ownerKeyOf(accused.eui)));
      const sent = await appeal('--send', 'appeal.json');
      expect(sent).toMatchObject({ code: 0, err: '' });
      expect(sent.out).toContain('review it for 7 epochs');
    },
    TIMEOUT_MS,
  );

  it(
    'is cleared by the validator’s review, and paid again',
    async () => {
      const open = await until(async () => (await standing())?.appeal);
      expect(open.lastReviewEpoch).toBe(open.epoch + 7);
      expect((await appeal('--hotspot', accused.id)).out).toContain(`it counts, since epoch ${open.epoch}`);
      expect((await oracle('accusations')).out).toContain(`review ${accused.id} --accusation ${CODE}`);
      const reviewed = await oracle('review', accused.id, '--accusation', CODE, '--dismiss');
      expect(reviewed).toMatchObject({ code: 0, err: '' });
      expect((await oracle('review', accused.id, '--accusation', CODE, '--dismiss')).out).toContain('Nothing to do');
      expect((await oracle('review', accused.id, '--accusation', CODE, '--uphold')).code).toBe(1);

      const { ruledEpoch = -1 } = await until(async () => {
        const ruled = (await standing())?.appeal;
        return ruled?.ruling === undefined ? undefined : ruled;
      });
      const paid = await until(async () =>
        (await payOf(accused.id)).find(({ epoch, paid }) => epoch >= ruledEpoch && paid !== '0'),
      );
      const unpaid = (await payOf(accused.id)).filter(({ epoch }) => epoch >= before.epoch && epoch < ruledEpoch);
      expect(unpaid.map((one) => one.paid)).toEqual(unpaid.map(() => '0'));
      await saysTheStory(paid.epoch, ruledEpoch);
    },
    TIMEOUT_MS,
  );

  /** The command, from the log alone, and the API say the same. */
  async function saysTheStory(epoch: number, ruledEpoch: number): Promise<void> {
    const explained = await oracle('explain', accused.id, '--epoch', String(epoch));
    expect(explained).toMatchObject({ code: 0, err: '' });
    const response = await fetch(`${api.url}/api/v1/hotspots/${accused.id}/location?epoch=${epoch}`);
    const { accusations } = (await response.json()) as { accusations: readonly AccusationView[] };
    const cleared = accusations.find(({ code }) => code === CODE);
    expect(cleared).toMatchObject({ accused: false, strength: 0, appeal: { ruling: 'dismissed', ruledEpoch } });
    for (const part of [
      `Cleared of ${CODE}`,
      `borne out in ${cleared?.epochs} epochs, last in ${cleared?.epoch}; it takes 0.00 of its pay`,
      `not raised again before epoch ${cleared?.endsEpoch}`,
      `appealed in epoch ${cleared?.appeal?.epoch}; dismissed by validators in epoch ${ruledEpoch}`,
    ]) {
      expect(explained.out).toContain(part);
    }
    expect((await appeal('--hotspot', accused.id)).out).toContain(`CLEARED of ${CODE}`);
    const again = await appeal('--send', 'appeal.json');
    expect(again.err).toContain('cannot be appealed again');
  }
});

async function payOf(id: string): Promise<readonly HotspotRewardView[]> {
  const response = await fetch(`${api.url}/api/v1/hotspots/${id}/rewards?limit=200`);
  return ((await response.json()) as Page<HotspotRewardView>).items;
}
