import { cellToLatLng } from 'h3-js';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { colourAt, distance, expectAccessible, openPage, smallTargets } from './browser-page.ts';
import { type FixtureServer, startFixtureServer } from './fixture-server.ts';
import type { FixtureHotspot } from './fixture-world.ts';

let server: FixtureServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startFixtureServer(), launchChromium()]);
}, 120_000);

afterAll(async () => {
  await browser.close();
  await server.close();
});

afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
});

/** The middle of what the panels leave of the map, 1000 px wide. */
const CENTRE = { x: 500, y: 320 } as const;

function hotspotThat(cheats: boolean): FixtureHotspot {
  const found = server.api.world.hotspots.find((hotspot) => hotspot.cheats === cheats);
  if (found === undefined) throw new Error('no fixture');
  return found;
}

const viewOf = (cell: string, zoom: number): string => {
  const [lat, lng] = cellToLatLng(cell);
  return `at=${lat.toFixed(5)},${lng.toFixed(5)},${zoom}`;
};

const spaced = (text: string | null): string => (text ?? '').replaceAll(/\s+/g, ' ');

describe.each(['dark', 'light'] as const)('in %s colours, the panel of a doubted hotspot', (colorScheme) => {
  it('says in words what speaks against its place, what its owner can do, and by which links', async () => {
    const doubted = hotspotThat(true);
    const path = `/?hotspot=${doubted.id}`;
    const { page, problems } = await openPage(browser, { origin: server.url, path, context: { colorScheme } });
    const place = page.locator('.place');
    await place.waitFor();
    const text = spaced(await place.textContent());
    for (const part of [
      'In doubt, and not paid.',
      'Its links fit another place better',
      'What the owner can do: Check the asserted cell',
      'The likeliest place is',
      '12 independent witnesses, together trusted as much as 9.2 of 12.',
      'partly trusted, 33 %',
      'Signals too regular: suspicion, borne out by 2 epochs, until epoch 12 unless there is more.',
    ])
      expect(text).toContain(part);
    const rows = await place.locator('.residuals tbody tr').allTextContents();
    expect(rows.map((row) => spaced(row).match(/[+−]?\d+\.\d dB|not heard/)?.[0])).toEqual([
      '+31.2 dB',
      '−20.4 dB',
      '+6.1 dB',
      '+18.8 dB',
      '−3.3 dB',
      'not heard',
    ]);
    expect(rows.map((row) => /Too strong|As expected|Too weak/.exec(row)?.[0])).toEqual([
      'Too strong',
      'Too weak',
      'As expected',
      'Too strong',
      'As expected',
      'Too weak',
    ]);
    await place.locator('summary').focus();
    await page.keyboard.press('Enter');
    await place.getByText('9.40 nats').waitFor();
    await expectAccessible(page, 'doubted hotspot');
    expect(problems).toEqual([]);
  });
});

describe('on the map', () => {
  it('shows where a doubted hotspot may be, and not where another one is', async () => {
    const doubted = hotspotThat(true);
    const { likeliest } = server.api.location(doubted);
    const view = viewOf(likeliest?.cell ?? '', 11.5);
    const plain = await openPage(browser, { origin: server.url, path: `/?${view}&hotspot=${hotspotThat(false).id}` });
    await plain.page.locator('.place').waitFor();
    await plain.page.locator('canvas').waitFor();
    const selected = await openPage(browser, { origin: server.url, path: `/?${view}&hotspot=${doubted.id}` });
    await selected.page.locator('.place').waitFor();
    const apart = async (): Promise<number> =>
      distance(await colourAt(plain.page, CENTRE.x, CENTRE.y), await colourAt(selected.page, CENTRE.x, CENTRE.y));
    await expect.poll(apart, { timeout: 60_000, interval: 500 }).toBeGreaterThan(25);
    expect([...plain.problems, ...selected.problems]).toEqual([]);
  });
});

describe('an honest hotspot on a screen 320 px wide', () => {
  it('is where it says; nothing is too small or beyond the edge', async () => {
    const { page, problems } = await openPage(browser, {
      origin: server.url,
      path: `/?hotspot=${hotspotThat(false).id}`,
      context: { viewport: { width: 320, height: 640 }, hasTouch: true },
    });
    const place = page.locator('.place');
    await place.waitFor();
    expect(spaced(await place.textContent())).toContain('Yes, its links prove it.');
    expect(await place.getByText('What the owner can do').count()).toBe(0);
    expect(await smallTargets(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    await expectAccessible(page, '320 px, place');
    expect(problems).toEqual([]);
  });
});
