import { buildSite } from '@sextant/coverage-map/build';
import { formatId, nameOfKey } from '@sextant/firmware-bridge/protocol';
import { cellToLatLng } from 'h3-js';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SeededOracle, startSeededOracle } from '../http/seeded-oracle.ts';
import { ownerText } from '../http/seeded-questions.ts';
import { startTestServer, type TestServer } from '../store/database-harness.ts';
import { cellOf, keyOf } from '../store/sample-network.ts';
import { launchChromium } from '../support/chromium.ts';
import { openPage } from './browser-page.ts';

let databases: TestServer;
let oracle: SeededOracle;
let browser: Browser;
let origin: string;

beforeAll(async () => {
  const site = await buildSite();
  [databases, browser] = await Promise.all([startTestServer(), launchChromium()]);
  oracle = await startSeededOracle(databases, { options: { site } });
  const { port } = await oracle.server.start();
  origin = `http://127.0.0.1:${port}`;
}, 180_000);
afterAll(async () => {
  await browser.close();
  await oracle.close();
  await databases.close();
});

test('the built map runs on the oracle’s own server, under its headers, with nothing refused', async () => {
  const [lat, lng] = cellToLatLng(cellOf(6).toString(16));
  const id = formatId('hotspot', keyOf(6));
  const { page, problems } = await openPage(browser, { origin, path: `/?at=${lat},${lng},13&hotspot=${id}` });
  const panel = page.getByRole('region', { name: 'Selection' });
  await panel.getByRole('heading', { name: nameOfKey(keyOf(6)) }).waitFor();
  await expect.poll(async () => panel.textContent()).toContain('EU868');
  await page.getByText('Live', { exact: true }).first().waitFor();
  await page.goto(`${origin}/?at=${lat},${lng},13&epoch=1&hex=${cellOf(2).toString(16)}`);
  await panel.getByRole('heading', { name: 'Covered' }).waitFor();
  expect(problems).toEqual([]);
});

test('the rewards of an owner are there without a wallet and without a chain, and it is said whose word that is', async () => {
  const { page, problems } = await openPage(browser, { origin, path: `/?owner=${ownerText(0)}` });
  const panel = page.getByRole('region', { name: 'Selection' });
  await panel.getByText('This network settles on no chain').waitFor();
  await panel.getByRole('heading', { name: 'What was earned, by hotspot' }).waitFor();
  for (const index of [0, 7]) await panel.getByRole('button', { name: nameOfKey(keyOf(index)) }).waitFor();
  await panel.getByText('survey device').waitFor();
  expect(problems.filter((problem) => !problem.includes('/api/v1/chain') && !problem.includes('404'))).toEqual([]);
});
