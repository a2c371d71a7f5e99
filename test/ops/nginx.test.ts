import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { request as requestTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PUBLIC_DATA_HEADERS, SECURITY_HEADERS } from '@sextant/oracle/http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort, untilListening } from '../support/server-process.ts';
import { readRepositoryFile } from './repository.ts';

const binary = process.env['SEXTANT_TEST_NGINX'];
const skipped = binary ? '' : ' (skipped: SEXTANT_TEST_NGINX does not name an nginx)';
const TILE = Buffer.from('a tile of the basemap');
const BROWSER = { accept: 'text/html,application/xhtml+xml' };

test('the site’s files come with the headers of the oracle’s own answers', () => {
  const lines = readRepositoryFile('coverage-map/nginx/security-headers.conf').matchAll(
    /^add_header (\S+) (.*) always;$/gm,
  );
  const sent = Object.fromEntries(
    [...lines].map(([, name = '', value = '']) => [name.toLowerCase(), value.replaceAll('"', '')]),
  );
  const { 'access-control-allow-origin': origin = '' } = PUBLIC_DATA_HEADERS;
  expect(sent).toEqual({ ...SECURITY_HEADERS, 'access-control-allow-origin': origin });
});

describe.skipIf(!binary)(`a real nginx before an oracle${skipped}`, () => {
  let folder: string;
  const requests: IncomingMessage[] = [];
  let oracle: Server;
  let nginx: ChildProcess;
  let origin: string;
  let tlsPort: number;
  /** Sends the next event to whoever listens. */
  let sendEvent: (data: string) => void = () => undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sextant-nginx-'));
    oracle = createServer((request, response) => {
      requests.push(request);
      if (request.url === '/api/v1/live') {
        response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
        sendEvent = (data) => void response.write(`data: ${data}\n\n`);
        sendEvent('first');
        return;
      }
      response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'application/json' });
      response.end(JSON.stringify({ url: request.url }));
    }).listen(0, '127.0.0.1');
    await once(oracle, 'listening');
    const ports = { http: await freePort(), https: await freePort(), oracle: portOf(oracle) };
    origin = `http://127.0.0.1:${ports.http}`;
    tlsPort = ports.https;
    writeSite(folder);
    writeConfiguration(folder, ports);
    nginx = spawn(binary ?? '', ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    await untilListening(ports.http, nginx);
  });
  afterAll(async () => {
    if (nginx.exitCode === null) {
      const ended = once(nginx, 'exit');
      nginx.kill('SIGTERM');
      await ended;
    }
    oracle.closeAllConnections();
    oracle.close();
    rmSync(folder, { recursive: true });
  });

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${origin}${path}`, { headers, method });

  test('the page is there for people, and nobody else is told a wrong address is right', async () => {
    const page = await get('/');
    expect(await page.text()).toBe('<!doctype html>the page');
    expect(Object.fromEntries(page.headers)).toMatchObject({
      ...SECURITY_HEADERS,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    });
    expect(await (await get('/hotspots/hs1abc', BROWSER)).text()).toContain('the page');
    for (const path of [
      '/hotspots/hs1abc',
      '/logo.png',
      '/assets/none.js',
      '/site/index.html',
      '/metrics',
      '/broker/auth',
    ]) {
      const headers = path.includes('.') || path.startsWith('/assets') ? BROWSER : { accept: 'application/json' };
      expect([path, (await get(path, headers)).status]).toEqual([path, 404]);
    }
    expect((await get('/', BROWSER, 'POST')).status).toBe(405);
    expect(requests).toHaveLength(0);
  });

  test('assets are kept for ever', async () => {
    const asset = await get('/assets/main-abc.js');
    expect(await asset.text()).toBe('let a;');
    expect(Object.fromEntries(asset.headers)).toMatchObject({
      ...SECURITY_HEADERS,
      'content-type': 'application/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
  });

  test('the basemap: gzip as it lies there, unpacked for others, 204 where there is none', async () => {
    const packed = await get('/basemap/1/0/0.mvt?v=abc');
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(packed.headers.get('content-type')).toBe('application/vnd.mapbox-vector-tile');
    expect(packed.headers.get('cache-control')).toContain('immutable');
    expect(Buffer.from(await packed.arrayBuffer())).toEqual(TILE);
    const plain = await get('/basemap/1/0/0.mvt', { 'accept-encoding': 'identity' });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(Buffer.from(await plain.arrayBuffer())).toEqual(TILE);
    expect((await get('/basemap/1/1/1.mvt')).status).toBe(204);
  });

  test('everything else is the oracle’s, who learns who asked and is not told otherwise', async () => {
    for (const path of [
      '/api/v1/network?x=1',
      '/tiles/live/tiles.json',
      '/log/checkpoint',
      '/healthz',
      '/openapi.json',
    ]) {
      requests.length = 0;
      const answer = await get(path, { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' });
      expect(await answer.json()).toEqual({ url: path });
      expect(answer.headers.get('x-frame-options')).toBe('DENY');
      expect(requests[0]?.headers).toMatchObject({
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-host': new URL(origin).host,
      });
    }
  });

  test('a body that the oracle would refuse does not reach it', async () => {
    requests.length = 0;
    const answer = await fetch(`${origin}/api/v1/join`, { method: 'POST', body: 'x'.repeat(17_000) });
    expect(answer.status).toBe(413);
    expect(requests).toHaveLength(0);
  });

  test('the same over TLS', async () => {
    const asking = requestTls({ host: '127.0.0.1', port: tlsPort, path: '/healthz', rejectUnauthorized: false }).end();
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(200);
    expect(requests.at(-1)?.headers['x-forwarded-proto']).toBe('https');
  });

  test('events of the live stream pass one by one, as they come', async () => {
    const stream = await get('/api/v1/live', { 'accept-encoding': 'gzip' });
    const reader = stream.body?.getReader();
    const next = async (): Promise<string> => Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(await next()).toBe('data: first\n\n');
    sendEvent('second');
    expect(await next()).toBe('data: second\n\n');
    await reader?.cancel();
  });

  test('without an oracle a problem says to ask again', async () => {
    oracle.closeAllConnections();
    await once(oracle.close(), 'close');
    for (const path of ['/api/v1/network', '/healthz', '/api/v1/live']) {
      const answer = await get(path);
      expect([answer.status, answer.headers.get('content-type'), answer.headers.get('retry-after')]).toEqual([
        503,
        'application/problem+json',
        '5',
      ]);
      expect(await answer.json()).toMatchObject({ status: 503, code: 'stopping' });
    }
    expect((await get('/')).status).toBe(200);
  });
});

function writeSite(folder: string): void {
  mkdirSync(join(folder, 'sextant/site/assets'), { recursive: true });
  mkdirSync(join(folder, 'sextant/basemap/1/0'), { recursive: true });
  mkdirSync(join(folder, 'tmp'));
  writeFileSync(join(folder, 'sextant/site/index.html'), '<!doctype html>the page');
  writeFileSync(join(folder, 'sextant/site/assets/main-abc.js'), 'let a;');
  writeFileSync(join(folder, 'sextant/basemap/1/0/0.mvt.gz'), gzipSync(TILE));
  const files = ['-keyout', join(folder, 'tls-key'), '-out', join(folder, 'tls-cert')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  execFileSync('openssl', ['req', '-x509', ...curve, '-nodes', '-days', '1', '-subj', '/CN=localhost', ...files], {
    stdio: 'ignore',
  });
}

/** Our configuration with this machine's places in it; every place must occur. */
function writeConfiguration(folder: string, ports: { http: number; https: number; oracle: number }): void {
  const places: readonly (readonly [string, string])[] = [
    ['/tmp/', `${folder}/tmp/`],
    ['/srv/sextant', `${folder}/sextant`],
    ['/run/secrets/', `${folder}/`],
    ['listen 8080', `listen 127.0.0.1:${ports.http}`],
    ['listen 8443', `listen 127.0.0.1:${ports.https}`],
    ['http://oracle:8080', `http://127.0.0.1:${ports.oracle}`],
    // Newer than Debian’s nginx.
    ['    http2 on;\n', ''],
  ];
  let text = readRepositoryFile('coverage-map/nginx/nginx.conf');
  for (const [place, here] of places) {
    if (!text.includes(place)) throw new Error(`nginx.conf no longer says ${place}`);
    text = text.replaceAll(place, here);
  }
  const user = process.getuid?.() === 0 ? 'user root;\n' : '';
  writeFileSync(join(folder, 'nginx.conf'), user + text);
  writeFileSync(join(folder, 'security-headers.conf'), readRepositoryFile('coverage-map/nginx/security-headers.conf'));
}

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port;
