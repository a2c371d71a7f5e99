import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import {
  bytesToHex,
  invitationCodeHash,
  joinMessage,
  parseId,
  receiptTopic,
  reportTopic,
} from '@sextant/firmware-bridge/protocol';
import type { HealthView, NetworkView } from '@sextant/oracle/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { closing, connect, HotspotClient } from '../intake/support/hotspot-client.ts';
import { batchOf, hotspot, NETWORK_ID, tokenOf } from '../intake/support/participants.ts';
import { startTestServer, type TestServer } from '../store/database-harness.ts';
import { AskingBroker, type HttpQuestion } from './asking-broker.ts';
import { readComposeFile } from './compose-file.ts';
import { environmentOf, readDockerfile } from './dockerfile.ts';
import { OPERATOR_VARIABLES } from './operator-variables.ts';
import { inRepository, readRepositoryFile } from './repository.ts';

const CLI = inRepository('oracle/bin/sextant-oracle.js');
const { services } = readComposeFile({ ...OPERATOR_VARIABLES, NETWORK_ID });
const clock = createSystemClock();

let folder: string;
let databases: TestServer;
let broker: AskingBroker;
let oracle: ChildProcess;
let environment: Record<string, string>;
let website: string;

/** The settings of docker-compose.yml, with other places for what is beside the oracle there. */
async function oracleEnvironment(brokerPort: number, httpPort: number): Promise<Record<string, string>> {
  const stage = readDockerfile('oracle/Dockerfile').at(-1);
  const { PATH: _, ...inImage } = stage ? environmentOf(stage) : {};
  return {
    PATH: process.env['PATH'] ?? '',
    ...inImage,
    ...services['oracle']?.environment,
    SEXTANT_DATA: folder,
    SEXTANT_HTTP_HOST: '127.0.0.1',
    SEXTANT_HTTP_PORT: String(httpPort),
    SEXTANT_BROKER_URL: `mqtt://127.0.0.1:${brokerPort}`,
    SEXTANT_DATABASE_URL: databases.url('sextant_first_start'),
  };
}

const questionOf = (variable: string): HttpQuestion => {
  const [question] = JSON.parse(services['emqx']?.environment?.[variable] ?? '[]') as HttpQuestion[];
  if (!question) throw new Error(`${variable} asks nothing`);
  return question;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sextant-first-start-'));
  databases = await startTestServer();
  const httpPort = await freePort();
  website = `http://127.0.0.1:${httpPort}`;
  broker = new AskingBroker({
    authentication: questionOf('EMQX_AUTHENTICATION'),
    authorization: questionOf('EMQX_AUTHORIZATION__SOURCES'),
    oracle: website,
  });
  environment = await oracleEnvironment(await broker.start(), httpPort);
  oracle = fork(CLI, ['start'], { env: environment, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ready = new Promise<void>((resolve, reject) => {
    oracle.on('message', ({ type }: { type: string }) => {
      if (type === 'oracle/ready') resolve();
    });
    oracle.once('exit', (code) => reject(new Error(`the oracle ended with ${code}`)));
  });
  await ready;
});

afterAll(async () => {
  oracle.kill('SIGKILL');
  await broker.stop();
  await databases.drop('sextant_first_start');
  await databases.close();
  await rm(folder, { recursive: true, force: true });
});

const get = async <T>(path: string): Promise<T> => (await (await fetch(`${website}${path}`)).json()) as T;

test('the oracle lets itself in at the broker that asks it, and is well', async () => {
  const { validators } = await get<NetworkView>('/api/v1/network');
  expect(broker.letIn).toEqual([validators[0]?.id]);
  expect(broker.granted).toEqual([`$share/intake/${reportTopic(NETWORK_ID, '+')}`]);
  expect(validators[0]?.brokerUrl).toBe(`mqtts://${OPERATOR_VARIABLES.PUBLIC_HOST}:8883`);
  expect(await get<HealthView>('/healthz')).toMatchObject({ status: 'ok' });
});

test('the map’s proxy passes on every address of the API but the figures', async () => {
  const [, pattern = '', prefix = ''] =
    /location ~ "(\S+)" \{\n[^}]*proxy_pass \$oracle;[^]*location = (\S+) \{\n[^}]*proxy_pass/.exec(
      readRepositoryFile('coverage-map/nginx/nginx.conf'),
    ) ?? [];
  const { paths } = await get<{ paths: Record<string, unknown> }>('/openapi.json');
  const unknown = Object.keys(paths).filter((path) => !new RegExp(pattern).test(path) && path !== prefix);
  expect(unknown).toEqual(['/metrics']);
  expect(Object.keys(paths)).toContain(prefix);
});

test('nobody asks the oracle about logins without the secret', async () => {
  for (const { url, headers } of [questionOf('EMQX_AUTHENTICATION'), questionOf('EMQX_AUTHORIZATION__SOURCES')]) {
    const { pathname } = new URL(url);
    const ask = (authorization: string) =>
      fetch(`${website}${pathname}`, { method: 'POST', headers: { ...headers, authorization }, body: '{}' });
    expect((await ask('Bearer another secret')).status).toBe(401);
    expect((await ask(headers['authorization'] ?? '')).status).toBe(200);
  }
});

test('an invited hotspot joins, sends a report and holds a receipt; nobody else does', async () => {
  const [anna, boris] = [hotspot(1), hotspot(2)];
  const invited = await promisify(execFile)(process.execPath, [CLI, 'invite'], { env: environment });
  expect(invited.stderr).toContain(`--network https://${OPERATOR_VARIABLES.PUBLIC_HOST} `);
  const code = invited.stdout.trim();
  const owner = new Uint8Array(20).fill(9);
  const key = anna.signer.publicKey;
  const message = joinMessage(NETWORK_ID, { key, participant: 'hotspot', owner, codeHash: invitationCodeHash(code) });
  const keySignature = bytesToHex(anna.signer.sign(message));
  const body = { key: anna.id, participant: 'hotspot', owner: `0x${bytesToHex(owner)}`, code, keySignature };
  const headers = { 'content-type': 'application/json' };
  const joined = await fetch(`${website}/api/v1/join`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(joined.status).toBe(200);

  const { validators } = await get<NetworkView>('/api/v1/network');
  const validator = parseId(validators[0]?.id ?? '')?.publicKey ?? new Uint8Array(0);
  const url = environment['SEXTANT_BROKER_URL'] ?? '';
  const tokenFor = (sender: typeof anna) => tokenOf(sender, clock.now(), { validator });
  const client = await HotspotClient.open(url, anna, tokenFor(anna));
  const answer = await client.send(batchOf(anna, { sequence: 1, createdAtMs: clock.now() }));
  expect(answer.kind).toBe('receipt');

  const strangers = { username: boris.id, clientId: boris.id, password: tokenFor(boris) };
  await expect(connect(url, strangers)).rejects.toThrow();
  const closed = closing(client.mqtt);
  await Promise.all([closed, client.mqtt.subscribeAsync(receiptTopic(NETWORK_ID, boris.id)).catch(() => undefined)]);
  await client.close();
});

test('told to stop as Docker does it, it stops', async () => {
  const ended = once(oracle, 'exit');
  oracle.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}
