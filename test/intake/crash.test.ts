import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { nodeFileSystem, openLedger } from '@sextant/oracle/ledger';
import { expect, it } from 'vitest';
import { noteFaults } from '../support/faults.ts';
import { runs } from '../support/runs.ts';
import { HotspotClient, meaningOf } from './support/hotspot-client.ts';
import { batchOf, hotspot, ORIGIN, tokenOf, validator } from './support/participants.ts';
import { silent } from './support/test-intake.ts';

const HOTSPOTS = 6;
/** Batches a hotspot has on their way. */
const WINDOW = 8;
/** After its first receipt, or after it opened its port. */
const LIFE_MAX_MS = 250;
const clock = createSystemClock();
const script = new URL('../dist/intake/support/intake-process.js', import.meta.url);

async function startProcess(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(script, [folder, String(HOTSPOTS)], { execArgv: [], stdio: 'inherit' });
  const [port] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`the intake ended with ${code}`);
    }),
  ])) as [number];
  return { child, url: `mqtt://127.0.0.1:${port}` };
}

/** A bridge's outbox in memory: a batch stays in it until a receipt proves that it is in the log. */
class Outbox {
  readonly hotspot: ReturnType<typeof hotspot>;
  readonly unreceipted: Uint8Array[] = [];
  readonly receipted: { readonly envelope: Uint8Array; readonly leaf: number }[] = [];
  #sequence = 0;
  onReceipt: () => void = () => undefined;

  constructor(number: number) {
    this.hotspot = hotspot(number);
  }

  make(): Uint8Array {
    const envelope = batchOf(this.hotspot, { sequence: this.#sequence++, createdAtMs: clock.now() });
    this.unreceipted.push(envelope);
    return envelope;
  }

  /** Sends until the broker is gone, or until nothing is left when `drain` is asked for. */
  async run(url: string, drain: boolean): Promise<void> {
    const client = await HotspotClient.open(url, this.hotspot, tokenOf(this.hotspot, clock.now())).catch(
      () => undefined,
    );
    if (!client) return;
    const gone = new Promise<'gone'>((resolve) => client.mqtt.once('close', () => resolve('gone')));
    const again = [...this.unreceipted];
    const lane = async (): Promise<void> => {
      for (;;) {
        const envelope = again.shift() ?? (drain ? undefined : this.make());
        if (!envelope) return;
        const answer = await Promise.race([client.send(envelope).catch(() => 'gone' as const), gone]);
        if (answer === 'gone') return;
        this.#note(envelope, meaningOf(envelope, answer, this.hotspot));
      }
    };
    await Promise.all(Array.from({ length: WINDOW }, lane));
    await client.close();
  }

  #note(envelope: Uint8Array, meaning: string): void {
    const leaf = Number(/^receipt (\d+)$/.exec(meaning)?.[1]);
    expect(leaf, meaning).toBeGreaterThanOrEqual(0);
    this.unreceipted.splice(this.unreceipted.indexOf(envelope), 1);
    this.receipted.push({ envelope, leaf });
    this.onReceipt();
  }
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

it('a SIGKILL at any moment under load loses nothing receipted and logs nothing twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sextant-crash-'));
  const outboxes = Array.from({ length: HOTSPOTS }, (_, i) => new Outbox(i));
  const kills = runs(40);
  for (let kill = 0; kill < kills; kill++) {
    const { child, url } = await startProcess(folder);
    const receipted = new Promise<void>((resolve) => {
      for (const outbox of outboxes) outbox.onReceipt = resolve;
    });
    const work = outboxes.map((outbox) => outbox.run(url, false));
    if (kill % 4 !== 3) await receipted;
    await delay((kill * 7_919) % LIFE_MAX_MS);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await Promise.all(work);
  }
  const { child, url } = await startProcess(folder);
  while (outboxes.some((outbox) => outbox.unreceipted.length > 0)) {
    await Promise.all(outboxes.map((outbox) => outbox.run(url, true)));
  }
  child.kill('SIGKILL');
  await once(child, 'exit');

  const ledger = await openLedger(
    { directory: join(folder, 'log'), origin: ORIGIN },
    { fileSystem: nodeFileSystem, signer: { ...validator, name: ORIGIN }, clock, logger: silent },
  );
  const logged: string[] = [];
  for await (const entry of ledger.entries(0)) logged.push(hexOf(entry));
  await ledger.close();
  const receipted = outboxes.flatMap((outbox) => outbox.receipted);
  console.log(`${kills} kills, ${receipted.length} batches receipted, ${logged.length} entries`);
  expect(receipted.length).toBeGreaterThan(kills);
  for (const { envelope, leaf } of receipted) expect(logged[leaf]).toBe(hexOf(envelope));
  expect(new Set(logged).size).toBe(logged.length);
  expect(logged.length).toBe(receipted.length);
  await rm(folder, { recursive: true });
  noteFaults('sigkill', kills);
}, 600_000);
