import { cellToLatLng, gridDisk } from 'h3-js';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import {
  colourAt,
  distance,
  expectAccessible,
  type OpenPage,
  openPage,
  over,
  parseColour,
  type Rgb,
  smallTargets,
} from './browser-page.ts';
import { fixtureVerdict } from './fixture-api.ts';
import { type FixtureServer, startFixtureServer } from './fixture-server.ts';
import type { FixtureHex } from './fixture-world.ts';

/** Five classes of viridis, weakest first in the dark theme, and the land they are drawn on. */
const VIRIDIS = ['#440154', '#3b528b', '#21918c', '#5ec962', '#fde725'].map(parseColour);
const DARK_LAND = parseColour('#161d27');
const HEX_OPACITY = 0.82;
const CENTRE = { x: 500, y: 320 } as const;
/** A live change is to be seen within 2 s; a software renderer on a busy machine gets more. */
const LIVE_MS = 6_000;

let server: FixtureServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startFixtureServer(), launchChromium()]);
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.close();
});

const classOf = (espDdbm: number): number => [-1200, -1100, -1000, -900].filter((step) => espDdbm >= step).length;

/** A hexagon in the middle of the screen, large enough to be seen. */
const viewOf = (cell: string): string => {
  const [lat, lng] = cellToLatLng(cell);
  return `at=${lat.toFixed(5)},${lng.toFixed(5)},13.5`;
};

/** Index of the signal class painted in the middle of the screen, −1 for bare land. */
async function classShown(page: Page): Promise<number> {
  const shown = await colourAt(page, CENTRE.x, CENTRE.y);
  const candidates: readonly Rgb[] = [DARK_LAND, ...VIRIDIS.map((colour) => over(colour, DARK_LAND, HEX_OPACITY))];
  const distances = candidates.map((candidate) => distance(shown, candidate));
  const nearest = distances.indexOf(Math.min(...distances));
  return (distances[nearest] ?? 999) < 16 ? nearest - 1 : Number.NaN;
}

/** A covered hexagon with no hotspot near enough to be drawn over its middle. */
function quietHex(minOrder = 0): FixtureHex {
  const { hexes, hotspots } = server.api.world;
  const busy = new Set(hotspots.flatMap(({ cell }) => gridDisk(cell, 1)));
  const found = hexes.find(({ cell, heardBy, order }) => order >= minOrder && heardBy.length > 1 && !busy.has(cell));
  if (found === undefined) throw new Error('The fixture has no quiet hexagon');
  return found;
}

const open = (path: string, context: Parameters<typeof openPage>[1]['context'] = {}): Promise<OpenPage> =>
  openPage(browser, { origin: server.url, path, context });

afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
});

describe('the coverage map', () => {
  it('paints a hexagon in the colour of its signal, and tells on a click who hears it', async () => {
    const hex = quietHex();
    const loudest = hex.heardBy[0];
    if (loudest === undefined) throw new Error('Nobody hears it');
    const started = performance.now();
    const { page, problems } = await open(`/?${viewOf(hex.cell)}`);
    await expect.poll(() => classShown(page), { timeout: 60_000, interval: 100 }).toBe(classOf(loudest.espDdbm));
    console.log(`first hexagon after ${Math.round(performance.now() - started)} ms`);

    await page.mouse.click(CENTRE.x, CENTRE.y);
    const panel = page.getByRole('region', { name: 'Selection' });
    await panel.getByRole('heading', { name: 'Covered' }).waitFor();
    expect(new URL(page.url()).searchParams.get('hex')).toBe(hex.cell);
    const row = panel.getByRole('button', { name: loudest.hotspot.name });
    expect((await row.textContent())?.replaceAll('\u00a0', ' ')).toContain(
      `${(loudest.espDdbm / 10).toFixed(1).replace('-', '−')} dBm`,
    );
    expect(await panel.textContent()).toContain(`${hex.heardBy.length} hotspots`);

    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.has('hex')).toBe(false);
    await page.goBack();
    await panel.getByRole('heading', { name: 'Covered' }).waitFor();
    expect(problems).toEqual([]);
  });

  it('tells of a hotspot why each report did or did not count, with numbers', async () => {
    const cheat = server.api.world.hotspots.find(({ cheats }) => cheats);
    if (cheat === undefined) throw new Error('Nobody cheats');
    const { page, problems } = await open(`/?${viewOf(cheat.cell)}`);
    const panel = page.getByRole('region', { name: 'Selection' });
    await expect
      .poll(
        async () => {
          await page.mouse.click(CENTRE.x, CENTRE.y);
          return panel.getByRole('heading', { name: cheat.name }).count();
        },
        { timeout: 60_000 },
      )
      .toBe(1);
    expect(new URL(page.url()).searchParams.get('hotspot')).toBe(cheat.id);

    const verdict = panel.locator('.verdict', { hasText: 'Too loud for the distance' }).first();
    await verdict.locator('summary').click();
    await verdict.getByText('stronger than physics allows').waitFor();
    const text = (await verdict.textContent())?.replaceAll('\u00a0', ' ') ?? '';
    for (const part of ['Invalid', 'stronger than physics allows', '−61.2 dBm', '−77.5 dBm', '−16.3 dB'])
      expect(text).toContain(part);

    expect(await panel.locator('.verdict').count()).toBe(20);
    await panel.getByRole('button', { name: 'Earlier verdicts' }).click();
    await expect.poll(() => panel.locator('.verdict').count()).toBe(40);
    await expect.poll(() => panel.locator('.rewards > li').count()).toBe(12);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await panel.getByRole('button', { name: /^Copy hotspot id/ }).click();
    await panel.getByText('copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(cheat.id);

    await page.reload();
    await panel.getByRole('heading', { name: cheat.name }).waitFor();
    expect(problems).toEqual([]);
  });

  it('shows live changes without a reload, and what it missed while the connection was cut', async () => {
    const known = new Set(server.api.world.hexes.map(({ cell }) => cell));
    const fresh = server.api.world.hexes.flatMap(({ cell }) => gridDisk(cell, 2)).find((cell) => !known.has(cell));
    const { cell: other, heardBy } = quietHex(500);
    const [listener, second] = server.api.world.hotspots;
    if (fresh === undefined || listener === undefined || second === undefined || heardBy.length === 0)
      throw new Error('no fixture');
    const { boundary } = server.api.hex(other, undefined);
    const { page, problems } = await open(`/?${viewOf(fresh)}`);
    await page.getByText('Live', { exact: true }).first().waitFor();
    await expect.poll(() => page.locator('.connection-live').count(), { timeout: 60_000 }).toBe(1);
    await expect.poll(() => classShown(page), { timeout: 60_000, interval: 100 }).toBe(-1);

    const lastSeenMs = Date.now();
    server.upsert([{ cell: BigInt(`0x${fresh}`), state: 'covered', bestEspDdbm: -870, witnesses: 2, lastSeenMs }]);
    const change = { state: 'covered', bestEspDdbm: -870, links: 2, witnesses: 2, lastSeenMs } as const;
    const counts = { covered: 9_999, surveyedNotCovered: 1 };
    const sent = performance.now();
    server.push('hex', { cell: fresh, boundary, ...change, hexes: counts });
    await expect.poll(() => classShown(page), { timeout: 60_000, interval: 50 }).toBe(4);
    const tookMs = Math.round(performance.now() - sent);
    console.log(`live change seen after ${tookMs} ms`);
    expect(tookMs).toBeLessThan(LIVE_MS);
    await page.getByText('9,999').waitFor();

    const verdictOf = (index: number) =>
      fixtureVerdict({ index, hotspot: listener, other: second, nowMs: Date.now(), round: 99 });
    server.push('verdict', verdictOf(1));
    await expect.poll(() => page.locator('.lists .verdict').count()).toBe(1);
    server.cutLive();
    server.push('verdict', verdictOf(2));
    server.push('verdict', verdictOf(3));
    await expect.poll(() => page.locator('.lists .verdict').count(), { timeout: 60_000 }).toBe(3);
    server.push('epoch', { ...server.api.epochItem(11), epoch: 12 });
    await expect.poll(() => page.locator('[aria-live]').textContent()).toContain('Epoch 12 has closed');
    expect(problems.filter((problem) => !problem.includes('ERR_INCOMPLETE_CHUNKED_ENCODING'))).toEqual([]);
  });

  it('shows an epoch as it closed, says so, and goes back', async () => {
    const late = quietHex(server.api.knownHexes(5) + 1);
    const { page, problems } = await open(`/?${viewOf(late.cell)}&list=epochs`);
    const signalClass = classOf(late.heardBy[0]?.espDdbm ?? 0);
    await expect.poll(() => classShown(page), { timeout: 60_000, interval: 100 }).toBe(signalClass);
    await page.getByRole('button', { name: /^Epoch 5 / }).click();
    await expect.poll(() => classShown(page), { timeout: 60_000, interval: 100 }).toBe(-1);
    await page.getByText('Coverage as epoch 5 closed').waitFor();
    expect(new URL(page.url()).searchParams.get('epoch')).toBe('5');
    const details = page.locator('.epoch-detail');
    await details.getByText('Too near').waitFor();
    expect(await details.textContent()).toContain('322.4');
    await page.getByRole('button', { name: 'Back to live' }).click();
    await expect.poll(() => classShown(page), { timeout: 60_000, interval: 100 }).toBe(signalClass);
    expect(problems).toEqual([]);
  });

  it('can be used from the keyboard alone', async () => {
    const { page, problems } = await open('/');
    await page.getByRole('tab', { name: 'Live' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('tab-hotspots');
    const [first] = server.api.world.hotspots.map(({ name }) => name).sort((a, b) => (a < b ? -1 : 1));
    await page.locator('.lists .row').first().waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe(first);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent ?? '')).toContain(first);
    expect(problems).toEqual([]);
  });
});

describe.each(['dark', 'light'] as const)('in %s colours', (colorScheme) => {
  it('has nothing axe objects to, in any state', async () => {
    const { page, problems } = await open('/', { colorScheme });
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe(colorScheme);
    const [honest] = server.api.world.hotspots;
    if (honest === undefined) throw new Error('no fixture');
    for (const index of [1, 3, 4, 5]) {
      server.push('verdict', fixtureVerdict({ index, hotspot: honest, other: honest, nowMs: Date.now(), round: 1 }));
    }
    await page.locator('.lists .verdict summary').first().click();
    await expectAccessible(page, 'live list');
    await page.getByRole('tab', { name: 'Hotspots' }).click();
    await page.locator('.lists .row').first().click();
    await page.locator('.detail .verdict summary').first().click();
    await page.locator('.rewards summary').first().click();
    await expectAccessible(page, 'hotspot panel');
    await page.getByRole('tab', { name: 'Epochs' }).click();
    await page.getByRole('button', { name: /^Epoch 7 / }).click();
    await page.locator('.epoch-detail .tally').first().waitFor();
    await expectAccessible(page, 'epoch');
    expect(problems).toEqual([]);
  });
});

describe('on a screen 320 px wide', () => {
  it('has a sheet at the bottom, fingertip-sized targets, and nothing beyond the edge', async () => {
    const hex = quietHex();
    const { page, problems } = await open(`/?hex=${hex.cell}`, {
      viewport: { width: 320, height: 640 },
      hasTouch: true,
    });
    await page.getByRole('heading', { name: 'Covered' }).waitFor();
    expect(await smallTargets(page)).toEqual([]);
    await expectAccessible(page, '320 px, hexagon');
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('tab', { name: 'Epochs' }).click();
    await page.locator('.lists .row').nth(3).waitFor();
    expect(await smallTargets(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    await page.getByRole('button', { name: 'Make the panel small' }).click();
    await page.getByRole('region', { name: 'Legend' }).waitFor({ state: 'visible' });
    await expectAccessible(page, '320 px, small sheet');
    expect(problems).toEqual([]);
  });
});

describe('in a browser without WebGL 2', () => {
  it('says so, and its lists still work', async () => {
    const context = await browser.newContext({ viewport: { width: 1000, height: 640 } });
    await context.addInitScript(() => {
      HTMLCanvasElement.prototype.getContext = () => null;
    });
    const page = await context.newPage();
    await page.goto(`${server.url}/?list=hotspots`);
    await page.getByText('no WebGL 2').waitFor();
    await page.locator('.lists .row').first().click();
    await page.getByRole('region', { name: 'Selection' }).getByRole('heading', { name: 'Verdicts' }).waitFor();
    await expectAccessible(page, 'no map');
  });
});
