import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Problem } from '../../api/index.ts';
import { createApp } from '../create-app.ts';
import { createHttpMetrics } from '../http-metrics.ts';
import { addSiteRoutes } from './site-routes.ts';

const PAGE = '<!doctype html><script type="module" src="/assets/main-abc.js"></script>';
const SCRIPT = 'console.log(1);'.repeat(100);
const STYLE = 'a { color: red } '.repeat(100);
const TILE = Buffer.from('a vector tile');

let folder: string;
let app: FastifyInstance;
let bare: FastifyInstance;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sextant-site-'));
  const site = { siteDir: join(folder, 'site'), basemapDir: join(folder, 'basemap') };
  mkdirSync(join(site.siteDir, 'assets'), { recursive: true });
  mkdirSync(join(site.basemapDir, '1', '0'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(site.siteDir, 'index.html'), PAGE);
  writeFileSync(join(site.siteDir, 'stamp.json'), '{}');
  writeFileSync(join(site.siteDir, 'assets', 'main-abc.js'), SCRIPT);
  writeFileSync(join(site.siteDir, 'assets', 'main-abc.js.br'), brotliCompressSync(SCRIPT));
  writeFileSync(join(site.siteDir, 'assets', 'style.css'), STYLE);
  writeFileSync(join(site.siteDir, 'assets', 'font.woff2'), 'font');
  writeFileSync(join(site.basemapDir, '1', '0', '0.mvt.gz'), gzipSync(TILE));
  const modules = { logger: pino({ level: 'silent' }), metrics: createHttpMetrics(new Registry()) };
  app = await createApp({ version: '1', trustProxy: false, site }, modules);
  addSiteRoutes(app, site);
  bare = await createApp({ version: '1', trustProxy: false }, modules);
  addSiteRoutes(bare, undefined);
});
afterAll(async () => {
  await app.close();
  await bare.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = async (url: string, headers: Readonly<Record<string, string>> = {}) => app.inject({ url, headers });

describe('the website', () => {
  test('is a page without inline script, never framed, always asked for again', async () => {
    const answer = await get('/');
    expect(answer.body).toBe(PAGE);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('blob:');
  });

  test('answers addresses that only the page can read, for browsers', async () => {
    const browser = { accept: 'text/html,application/xhtml+xml' };
    expect((await get('/hotspots/hs1abc?at=1', browser)).body).toBe(PAGE);
    for (const url of ['/api/v1/nothing', '/tiles/x', '/log/x', '/logo.png', '/assets/x.js']) {
      expect([url, (await get(url, browser)).statusCode]).toEqual([url, 404]);
    }
    expect((await get('/hotspots/hs1abc')).json<Problem>().code).toBe('unknown_route');
    expect((await app.inject({ method: 'POST', url: '/hotspots', headers: browser })).statusCode).toBe(404);
  });

  test('sends assets compressed as they were built, for ever', async () => {
    const packed = await get('/assets/main-abc.js', { 'accept-encoding': 'gzip, br' });
    expect(packed.headers).toMatchObject({
      'content-encoding': 'br',
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(String(packed.headers.vary).toLowerCase()).toContain('accept-encoding');
    expect(brotliDecompressSync(packed.rawPayload).toString()).toBe(SCRIPT);
    const plain = await get('/assets/main-abc.js');
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.body).toBe(SCRIPT);
    const again = await get('/assets/main-abc.js', { 'if-none-match': String(plain.headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  test('compresses assets itself where the build did not, and leaves alone what is compressed already', async () => {
    const gzipped = await get('/assets/main-abc.js', { 'accept-encoding': 'gzip' });
    expect(gzipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzipped.rawPayload).toString()).toBe(SCRIPT);
    const style = await get('/assets/style.css', { 'accept-encoding': 'gzip, br' });
    expect(style.headers).toMatchObject({ 'content-encoding': 'br', 'content-type': 'text/css; charset=utf-8' });
    expect(brotliDecompressSync(style.rawPayload).toString()).toBe(STYLE);
    const font = await get('/assets/font.woff2', { 'accept-encoding': 'gzip, br' });
    expect(font.headers['content-encoding']).toBeUndefined();
    expect(font.headers['content-type']).toBe('font/woff2');
  });

  test('gives out nothing else of the disk', async () => {
    for (const url of [
      '/assets/../../secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/assets/%2e%2e/stamp.json',
      '/stamp.json',
      '/assets/',
      '/basemap/1/0/..%2f..%2f..%2fsecret.txt',
    ]) {
      const answer = await get(url);
      expect([url, answer.statusCode >= 400 && answer.statusCode < 500]).toEqual([url, true]);
      expect(answer.body).not.toBe('secret');
    }
  });
});

test('the basemap: gzip as it lies there, unpacked for others, 204 where there is none', async () => {
  const packed = await get('/basemap/1/0/0.mvt?v=abc', { 'accept-encoding': 'gzip' });
  expect(packed.headers).toMatchObject({
    'content-encoding': 'gzip',
    'content-type': 'application/vnd.mapbox-vector-tile',
    'cache-control': 'public, max-age=31536000, immutable',
  });
  expect((await get('/basemap/1/0/0.mvt')).rawPayload).toEqual(TILE);
  expect((await get('/basemap/1/1/1.mvt')).statusCode).toBe(204);
  expect((await get('/basemap/1/9/9.mvt')).json<Problem>().code).toBe('unknown_file');
});

test('without a built site there is a page that says how to build it', async () => {
  const answer = await bare.inject({ url: '/' });
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toContain('npm run build');
  expect(answer.body).not.toMatch(/<script|<style|style=/);
});
