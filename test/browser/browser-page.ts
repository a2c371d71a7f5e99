import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';

export interface OpenPage {
  readonly page: Page;
  /** Errors, refused resources, requests that left the origin: what must not happen. */
  readonly problems: readonly string[];
}

export interface OpenPageOptions {
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly context?: BrowserContextOptions;
  /** Before anything is loaded. */
  readonly prepare?: (context: BrowserContext) => Promise<void>;
}

/** Small and without animations: everything is drawn in software here. */
const DEFAULT_CONTEXT: BrowserContextOptions = {
  viewport: { width: 1000, height: 640 },
  colorScheme: 'dark',
  reducedMotion: 'reduce',
};

/** A fresh page that notices everything which goes wrong on it. */
export async function openPage(
  browser: Browser,
  { origin, path, context, prepare }: OpenPageOptions,
): Promise<OpenPage> {
  const problems: string[] = [];
  const opened = await browser.newContext({ ...DEFAULT_CONTEXT, ...context });
  await prepare?.(opened);
  const page = await opened.newPage();
  // Everything is drawn in software: a busy machine takes its time.
  page.setDefaultTimeout(90_000);
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`${message.type()}: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith(`blob:${origin}/`)) problems.push(`request to ${url}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} for ${response.url()}`);
  });
  await page.goto(`${origin}${path}`);
  return { page, problems };
}

export type Rgb = readonly [red: number, green: number, blue: number];

/** Average colour of the screen round a point, 5 px wide. */
export async function colourAt(page: Page, x: number, y: number): Promise<Rgb> {
  const png = await page.screenshot({ clip: { x: x - 2, y: y - 2, width: 5, height: 5 } });
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    if (context === null) throw new Error('No 2D canvas');
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const sum = [0, 0, 0];
    for (const [index, value] of data.entries()) if (index % 4 < 3) sum[index % 4] = (sum[index % 4] ?? 0) + value;
    const [red = 0, green = 0, blue = 0] = sum.map((value) => (value * 4) / data.length);
    return [red, green, blue] as const;
  }, png.toString('base64'));
}

export const parseColour = (text: string): Rgb => [
  Number.parseInt(text.slice(1, 3), 16),
  Number.parseInt(text.slice(3, 5), 16),
  Number.parseInt(text.slice(5, 7), 16),
];

/** A colour laid over another. */
export const over = (top: Rgb, ground: Rgb, opacity: number): Rgb => [
  top[0] * opacity + ground[0] * (1 - opacity),
  top[1] * opacity + ground[1] * (1 - opacity),
  top[2] * opacity + ground[2] * (1 - opacity),
];

export const distance = (one: Rgb, other: Rgb): number =>
  Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);

/** What axe finds wrong with the page as it is now: must be nothing. */
export async function expectAccessible(page: Page, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  expect(found, state).toEqual([]);
}

/** Everything that can be pressed and is smaller than a fingertip. */
export const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('button, summary, [role=tab]')].flatMap((element) => {
      const { width, height } = element.getBoundingClientRect();
      return width > 0 && (width < 43.9 || height < 43.9)
        ? [`${element.outerHTML.slice(0, 90)}: ${width}×${height}`]
        : [];
    }),
  );
