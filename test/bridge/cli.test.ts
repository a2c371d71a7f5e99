import { type ChildProcess, fork, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BridgeStatus } from '@sextant/firmware-bridge/bridge';
import { type Clock, createSystemClock } from '@sextant/firmware-bridge/clock';
import { type LocationAssertion, parseId, unixMs } from '@sextant/firmware-bridge/protocol';
import { latLngToCell } from 'h3-js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { beaconFrame } from './support/bridge-harness.ts';
import { OracleWebsite } from './support/oracle-website.ts';
import { DEMO, TestOracle } from './support/test-oracle.ts';

const CLI = fileURLToPath(new URL('../../firmware-bridge/bin/sextant-bridge.js', import.meta.url));
const EUI = 'aa555a0000000001';
const OWNER = '0x52908400098527886e0f7030069857d2e4169ee7';
const CODE = 'good-code';

let folder: string;
let oracle: TestOracle;
let website: OracleWebsite;
const children = new Set<ChildProcess>();
const sockets = new Set<Socket>();

beforeAll(async () => {
  oracle = new TestOracle(createSystemClock(), { genesisMs: unixMs(Date.now() - 600_000), ...DEMO });
  await oracle.start();
  website = new OracleWebsite(oracle.facts());
  await website.start();
});
afterAll(async () => {
  await website.stop();
  await oracle.stop();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  website.codes.add(CODE);
  website.joined.length = 0;
  website.clockErrorMs = 0;
  oracle.submissions.length = 0;
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const socket of sockets) socket.close();
  sockets.clear();
  await rm(folder, { recursive: true, force: true });
});

const environment = (): NodeJS.ProcessEnv => {
  const { NODE_OPTIONS: _, ...rest } = process.env;
  return { ...rest, SEXTANT_DATA: folder, NO_COLOR: '1' };
};

/** Runs a command to its end. */
async function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [CLI, ...args], { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  children.delete(child);
  return { code, out, err };
}

/** A command line as a person would type it; no value of ours holds a space. */
const words = (text: string): string[] => text.split(/\s+/);

const initLine = (): string =>
  `init --network ${website.url} --invitation ${CODE} --owner ${OWNER} --gateway-eui ${EUI} --region EU868
   --location 49.1951,16.6068 --antenna-height 12 --altitude 240`;

const init = (...more: string[]) => run(...words(initLine()), ...more);

interface Running {
  readonly child: ChildProcess;
  readonly udpPort: number;
  output(): string;
  ask(type: 'bridge/status' | 'bridge/idle'): Promise<{ status?: BridgeStatus }>;
}

/** Starts `run` as a parent process would, and waits until it is ready. */
async function start(...more: string[]): Promise<Running> {
  const args = ['run', '--semtech-udp-port', '0', ...more];
  const child = fork(CLI, args, { env: environment(), execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  children.add(child);
  let output = '';
  child.stdout?.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr?.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const ready = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [])]);
  const [message] = ready as [{ type: string; udpPort: number }?];
  if (message?.type !== 'bridge/ready') throw new Error(`not ready: ${output}`);
  let questions = 0;
  return {
    child,
    udpPort: message.udpPort,
    output: () => output,
    async ask(type) {
      const id = questions++;
      const answer = new Promise<{ status?: BridgeStatus }>((resolve) => {
        const listen = (reply: { type: string; id: number; status?: BridgeStatus }): void => {
          if (reply.type !== type || reply.id !== id) return;
          child.off('message', listen);
          resolve(reply);
        };
        child.on('message', listen);
      });
      child.send({ type, id });
      return answer;
    },
  };
}

async function stop({ child }: Running, signal: NodeJS.Signals = 'SIGTERM'): Promise<unknown> {
  const exited = once(child, 'exit');
  child.kill(signal);
  const [code] = await exited;
  children.delete(child);
  return code;
}

/** A packet forwarder's PUSH_DATA with one reception; resolves with the bridge's acknowledgement. */
async function push(port: number, frame: Uint8Array): Promise<void> {
  const socket = createSocket('udp4');
  sockets.add(socket);
  const rxpk = {
    tmst: 5_000_000,
    freq: 868.1,
    stat: 1,
    modu: 'LORA',
    datr: 'SF9BW125',
    codr: '4/5',
    rssi: -101,
    rssis: -105,
    lsnr: -3.5,
    size: frame.length,
    data: Buffer.from(frame).toString('base64'),
  };
  const header = Buffer.concat([Buffer.from([2, 1, 2, 0]), Buffer.from(EUI, 'hex')]);
  const answered = once(socket, 'message');
  socket.send(Buffer.concat([header, Buffer.from(JSON.stringify({ rxpk: [rxpk] }))]), port, '127.0.0.1');
  await answered;
}

describe('init', () => {
  it('makes a key, joins, and writes a configuration that run can use, without the exact place', async () => {
    const { code, out } = await init();
    expect(code).toBe(0);
    const cell = latLngToCell(49.1951, 16.6068, 9);
    expect(out).toContain('public for ever');
    expect(out).toContain(cell);
    expect(out).toMatch(/about \d+ m from corner to corner/);
    const [joined] = website.joined;
    expect(joined).toMatchObject({ participant: 'hotspot', owner: OWNER });
    expect(parseId(joined?.key ?? '')?.kind).toBe('hotspot');
    expect((await stat(join(folder, 'keys', `${joined?.key}.key`))).mode & 0o777).toBe(0o600);
    for (const name of await readdir(folder, { recursive: true })) {
      const path = join(folder, name);
      if (!(await stat(path)).isFile()) continue;
      const content = await readFile(path, 'latin1');
      expect(content, name).not.toContain('49.1951');
    }
    const running = await start();
    await running.ask('bridge/idle');
    const [assertion] = oracle.submissions.flatMap(({ batch }) => batch.reports) as [LocationAssertion];
    expect(assertion).toMatchObject({
      kind: 'location_assertion',
      cell: BigInt(`0x${cell}`),
      antennaAglM: 12,
      altitudeMslM: 240,
    });
    expect(await stop(running)).toBe(0);
  });

  it('says what is missing, all of it, when nobody can be asked', async () => {
    const { code, err } = await run('init', '--network', website.url, '--region', 'EU869');
    expect(code).toBe(1);
    for (const flag of ['--invitation', '--owner', '--gateway-eui', '--location', '--antenna-height', '--altitude']) {
      expect(err).toContain(flag);
    }
    expect(err).toContain('Did you mean "EU868"? Known: EU868, US915_FSB2');
    expect(await readdir(folder)).toEqual([]);
  });

  it('after a refused invitation goes on with the key it has made', async () => {
    expect((await init('--invitation', 'bad')).err).toContain('The invitation is not good. Ask for another one.');
    const keys = (await readdir(join(folder, 'keys'))).filter((name) => name.endsWith('.key'));
    expect((await init()).code).toBe(0);
    expect((await readdir(join(folder, 'keys'))).filter((name) => name.endsWith('.key'))).toEqual(keys);
    expect(website.joined.map(({ key }) => `${key}.key`)).toEqual(keys);
  });

  it('twice for one gateway, or for another network in the same folder, is refused', async () => {
    await init();
    expect((await init()).err).toContain('set up already');
    const other = new OracleWebsite({ ...oracle.facts(), networkId: 'other' });
    await other.start();
    const { code, err } = await init('--network', other.url, '--gateway-eui', 'aa555a0000000009');
    await other.stop();
    expect(code).toBe(1);
    expect(err).toContain('belongs to network "test"');
  });

  it('with a clock that is an hour off says so, and how to mend it', async () => {
    website.clockErrorMs = -3_600_000;
    const { code, err } = await init();
    expect(code).toBe(1);
    expect(err).toContain('60 min ahead');
    expect(err).toContain('timedatectl set-ntp true');
    expect(website.joined).toEqual([]);
  });

  it('where no oracle answers says so', async () => {
    expect((await init('--network', 'http://127.0.0.1:1')).err).toContain('does not answer');
  });

  it('--survey makes a survey device, which survey serves', async () => {
    expect((await run('survey')).err).toContain('init --survey');
    const line = `init --survey --network ${website.url} --invitation ${CODE} --owner ${OWNER} --gateway-eui ${EUI} --region EU868
      --gpsd 127.0.0.1:1`;
    const { code } = await run(...words(line));
    expect(code).toBe(0);
    expect(website.joined[0]?.key).toMatch(/^sv1/);
    expect(await readFile(join(folder, 'bridge.toml'), 'utf8')).toContain('gpsd = "127.0.0.1:1"');
  });
});

describe('run', () => {
  let template: string;
  let key: string;
  beforeAll(async () => {
    template = await mkdtemp(join(tmpdir(), 'cli-template-'));
    folder = template;
    website.codes.add(CODE);
    website.joined.length = 0;
    expect((await init()).code).toBe(0);
    key = website.joined[0]?.key ?? '';
  });
  afterAll(() => rm(template, { recursive: true, force: true }));
  beforeEach(() => cp(template, folder, { recursive: true }));

  it('says what is wrong with the file of an authority', async () => {
    const missing = await run('run', '--mqtt-ca-file', join(folder, 'nowhere.pem'));
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('nowhere.pem cannot be read (ENOENT)') });
    const other = await run('run', '--mqtt-ca-file', join(folder, 'bridge.toml'));
    expect(other).toMatchObject({ code: 1, err: expect.stringContaining('-----BEGIN CERTIFICATE-----') });
  });

  it('serves a real packet forwarder, answers its parent and `status`, and ends cleanly', async () => {
    const running = await start();
    await push(running.udpPort, beaconFrame(1));
    await push(running.udpPort, Uint8Array.of(0x40, 1, 2, 3));
    await running.ask('bridge/idle');
    expect(oracle.submissions.flatMap(({ batch }) => batch.reports).map(({ kind }) => kind)).toEqual([
      'location_assertion',
      'witness',
    ]);
    const { status } = await running.ask('bridge/status');
    expect(status?.participants[0]).toMatchObject({
      frames: { received: 2 },
      outbox: { inOutbox: 0 },
      witness: { reported: 1 },
    });
    const shown = await run('status');
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('2 created = 2 receipted + 0 here + 0 dead + 0 dropped');
    expect(shown.out).toContain('RSSI -105.0 dBm, SNR -3.5 dB');
    expect(JSON.parse((await run('status', '--json')).out)).toMatchObject({ networkId: 'test' });
    const startedAtMs = performance.now();
    expect(await stop(running, 'SIGINT')).toBe(0);
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
    expect((await run('status')).err).toContain('sextant-bridge run --data');
  });

  it('logs for people, or JSON, never a secret', async () => {
    const forPeople = await start('--log-level', 'debug');
    await stop(forPeople);
    expect(forPeople.output()).toMatch(/^\d\d:\d\d:\d\d info {2}ready {2}/m);
    const forMachines = await start('--json-logs');
    await stop(forMachines);
    for (const line of forMachines.output().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
    const keys = await readdir(join(folder, 'keys'));
    for (const name of keys.filter((file) => /\.(key|chain)$/.test(file))) {
      const secret = (await readFile(join(folder, 'keys', name), 'utf8')).trim();
      expect(forPeople.output() + forMachines.output()).not.toContain(secret);
    }
  });

  it('ends when the parent that forked it is gone', async () => {
    const running = await start();
    const exited = once(running.child, 'exit');
    running.child.disconnect();
    expect(await exited).toEqual([0, null]);
  });

  it('with a port that is in use says whose it may be, and what to do', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    sockets.add(socket);
    await once(socket, 'listening');
    const { code, err } = await run('run', '--semtech-udp-port', String(socket.address().port));
    expect(code).toBe(1);
    expect(err).toContain('in use');
    expect(err).toContain('serv_port_up');
  });

  it('twice on one folder is refused', async () => {
    const running = await start();
    const { code, err } = await run('run', '--semtech-udp-port', '0');
    expect(code).toBe(1);
    expect(err).toContain('in use by another bridge');
    await stop(running);
  });

  it('with a key that others can read is refused with the command that mends it', async () => {
    const path = join(folder, 'keys', `${key}.key`);
    await chmod(path, 0o644);
    const { code, err } = await run('run', '--semtech-udp-port', '0');
    expect(code).toBe(1);
    expect(err).toContain(`chmod 600 ${path}`);
  });

  it('with a mistake in the file names line and remedy; with a flag that is none, too', async () => {
    const path = join(folder, 'bridge.toml');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('region =', 'regoin ='));
    const { code, err } = await run('run');
    expect(code).toBe(1);
    expect(err).toMatch(/bridge\.toml:\d+: unknown setting "regoin".*Did you mean "region"/);
    expect(await run('run', '--semtech-udp-prot', '1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('Did you mean "--semtech-udp-port"'),
    });
  });

  it('with a clock an hour off has its login refused, finds out why, and says it', async () => {
    // The network lives an hour ahead of this machine.
    const clock = createSystemClock();
    const ahead: Clock = { now: () => unixMs(Date.now() + 3_600_000), at: (atMs, task) => clock.at(atMs, task) };
    const shifted = new TestOracle(ahead, oracle.timing);
    await shifted.start();
    website.clockErrorMs = 3_600_000;
    const pinned = JSON.parse(await readFile(join(folder, 'network.json'), 'utf8'));
    pinned.validators[0].brokerUrl = shifted.brokerUrl;
    await writeFile(join(folder, 'network.json'), JSON.stringify(pinned));
    const running = await start();
    await expect.poll(() => running.output(), { timeout: 20_000 }).toContain('login refused');
    expect(running.output()).toContain('60 min behind');
    await stop(running);
    await shifted.stop();
  });

  it("steered by its parent keeps its parent's time", async () => {
    const args = ['run', '--semtech-udp-port', '0', '--clock', 'ipc', '--seed', 'x', '--json-logs'];
    const child = fork(CLI, args, { env: environment(), execArgv: [], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    children.add(child);
    const to = Date.now();
    child.send({ type: 'clock/advance', to });
    const messages: { type: string; to?: number }[] = [];
    child.on('message', (message) => messages.push(message as { type: string }));
    await expect
      .poll(() => messages.map(({ type }) => type), { timeout: 20_000 })
      .toEqual(['clock/advanced', 'bridge/ready']);
    child.send({ type: 'clock/advance', to: to + 60_000 });
    await expect.poll(() => messages.at(-1)).toEqual({ type: 'clock/advanced', to: to + 60_000 });
    child.send({ type: 'bridge/status' });
    await expect.poll(() => messages.at(-1)).toMatchObject({ type: 'bridge/status', status: { nowMs: to + 60_000 } });
    expect((await run('run', '--clock', 'ipc')).code).toBe(2);
    const exited = once(child, 'exit');
    child.disconnect();
    expect(await exited).toEqual([0, null]);
  });
});

describe('appeal', () => {
  it('says where nobody is accused, and what is wrong with what was asked', async () => {
    await init();
    expect(await run('appeal')).toMatchObject({ code: 0, out: expect.stringContaining('accuses nobody') });
    const wrong: readonly (readonly [args: string, advice: string])[] = [
      ['--accusation unheard_clusters --write appeal.json', 'Did you mean "unheard_cluster"?'],
      ['--accusation unheard_cluster', 'belong together'],
      ['--send absent.json', 'cannot be read'],
      ['--hotspot hs1abc --accusation unheard_cluster --write appeal.json', 'is no id, or mistyped'],
      ['--accusation unheard_cluster --write appeal.json --statement absent.txt', 'absent.txt cannot be read'],
    ];
    for (const [args, advice] of wrong) {
      const { code, err } = await run('appeal', ...words(args));
      expect([args, code]).toEqual([args, 1]);
      expect(err).toContain(advice);
    }
  });
});

it('--help teaches: examples first', async () => {
  const { code, out } = await run('--help');
  expect(code).toBe(0);
  expect(out.indexOf('Examples')).toBeLessThan(120);
});
