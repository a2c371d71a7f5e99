import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import type { AccusationView, HotspotRewardView, Page } from '@sextant/oracle/api';
import { describe, expect, it } from 'vitest';
import { ownerKeyOf } from '../network/demo-owner-key.ts';
import { OracleApi } from '../network/oracle-api.ts';
import { PROGRAMS } from '../network/programs.ts';
import { dataOf, type KnownKey, keysOf, type OwnersNetwork, TIMEOUT_MS } from './owners-network.ts';

const CLAIM = fileURLToPath(new URL('../../contracts-client/bin/sextant-claim.js', import.meta.url));
const CODE = 'levels_not_reciprocal';

let network: OwnersNetwork;
let api: OracleApi;
/** Whose amplifier is 19 dB louder than its owner knows. */
let accused: KnownKey;

interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  return new Promise<Finished>((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', ...environment };
    execFile(process.execPath, [program, ...args], { env, cwd: network.folder }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });
}

const oracle = (...args: readonly string[]) =>
  run(PROGRAMS.oracle, [...args, '--data', join(dataOf(network), 'oracle')]);
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

async function findAccused(): Promise<KnownKey> {
  const eui = network.plan.hotspots.find(({ cheat }) => cheat === 'over_power')?.eui;
  const found = (await keysOf(network)).find((one) => one.eui === eui);
  if (!found) throw new Error('nobody sends louder than said');
  return found;
}

/** One story: each test goes on where the one before stopped. `given` is asked when the network has been launched. */
export function appealStory(given: () => OwnersNetwork): void {
  describe('one of whose owners is accused: he', () => {
    let before: AccusationView;

    it(
      'sees what stands, on which evidence and until when, and so does the validator',
      async () => {
        network = given();
        api = new OracleApi(await network.launched.url());
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
}

async function payOf(id: string): Promise<readonly HotspotRewardView[]> {
  const response = await fetch(`${api.url}/api/v1/hotspots/${id}/rewards?limit=200`);
  return ((await response.json()) as Page<HotspotRewardView>).items;
}
