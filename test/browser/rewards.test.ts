import { SettlementFixture } from '@sextant/contracts-client/testing';
import type { Browser, Locator, Page } from 'playwright-core';
import { erc20Abi, type Hex } from 'viem';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { expectAccessible, type OpenPage, openPage, smallTargets } from './browser-page.ts';
import { LAST_CLAIMABLE, LAST_CLOSED } from './fixture-owners.ts';
import { type FixtureServer, startFixtureServer } from './fixture-server.ts';
import { PageWallet } from './page-wallet.ts';

/** Each test claims for another one: the chain remembers. */
const PEOPLE = ['owner', 'guardian', 'governor', 'deployer'] as const;
const TOKEN = 10n ** 18n;

let settlement: SettlementFixture;
let server: FixtureServer;
let browser: Browser;

const addressOf = (person: (typeof PEOPLE)[number] | 'other'): Hex => settlement.address(person).toLowerCase() as Hex;

beforeAll(async () => {
  [settlement, browser] = await Promise.all([SettlementFixture.start(3), launchChromium()]);
  server = await startFixtureServer(PEOPLE.map(addressOf));
  await server.owners.settleOn(settlement);
}, 180_000);

afterAll(async () => {
  await browser.close();
  await server.close();
  await settlement.stop();
});

afterEach(async () => {
  server.owners.lie = 0n;
  server.owners.isDown = false;
  await Promise.all(browser.contexts().map((context) => context.close()));
});

function walletOf(person: (typeof PEOPLE)[number] | 'other', name = 'Test Wallet', chainId = 31_337): PageWallet {
  const rdns = `example.${name.toLowerCase().replaceAll(' ', '')}`;
  return new PageWallet({ rdns, name, chainId, rpcUrl: settlement.chain.rpcUrl, accounts: [addressOf(person)] });
}

interface Opened extends OpenPage {
  readonly panel: Locator;
}

async function open(
  wallets: readonly PageWallet[],
  path = '/?owner=wallet',
  context: Parameters<typeof openPage>[1]['context'] = {},
): Promise<Opened> {
  const prepare: Parameters<typeof openPage>[1]['prepare'] = async (browserContext) => {
    // The map has tests of its own, and takes most of their time.
    await browserContext.addInitScript(() => {
      HTMLCanvasElement.prototype.getContext = () => null;
    });
    for (const wallet of wallets) await wallet.install(browserContext);
  };
  const opened = await openPage(browser, { origin: server.url, path, context, prepare });
  return { ...opened, panel: opened.page.getByRole('region', { name: 'Selection' }) };
}

const textOf = async (locator: Locator): Promise<string> =>
  ((await locator.textContent()) ?? '').replaceAll(/\s+/g, ' ');

const tokensOf = (amount: bigint): string => (amount / TOKEN).toLocaleString('en');

const balanceOf = (address: Hex): Promise<bigint> =>
  settlement.reader.readContract({
    address: settlement.deployment.contracts.token,
    abi: erc20Abi,
    functionName: 'balanceOf',
    args: [address],
  });

const urlOf = (page: Page): URLSearchParams => new URL(page.url()).searchParams;

describe('the rewards of an account', () => {
  it('are shown by hotspot with their reasons, claimed once, and followed until they are final', async () => {
    const wallet = walletOf('owner');
    const address = addressOf('owner');
    const earned = server.owners.earned(address, LAST_CLAIMABLE);
    const { page, panel, problems } = await open([wallet], '/');
    await page.getByRole('button', { name: 'Rewards' }).click();
    await panel.getByRole('heading', { name: 'Rewards' }).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('detail-title');
    expect(wallet.asked.filter((method) => method !== 'eth_accounts')).toEqual([]);
    await panel.getByRole('button', { name: 'Connect Test Wallet' }).click();
    const claim = panel.getByRole('button', { name: `Claim ${tokensOf(earned)} tokens` });
    await claim.waitFor();
    await panel.getByRole('button', { name: 'More' }).click();
    await panel.getByText('Everything else').waitFor();
    const text = await textOf(panel);
    const [first, second] = server.owners.hotspots(address);
    for (const part of [
      `proven up to epoch ${LAST_CLAIMABLE} by the root on the chain`,
      'Paid so far0 tokens',
      `Epochs 0 to ${LAST_CLAIMABLE}`,
      `${first?.name}`,
      '9 for beacons 10 contributions in 2 epochs',
      '21 for witnessing 122 contributions in 2 epochs',
      `${second?.name}`,
      '30 for witnessing 160 contributions in 2 epochs',
      'Posted epoch 2: can be vetoed until',
      'Closed, not posted on the chain yet80 tokens',
      settlement.deployment.contracts.distributor.toLowerCase(),
    ])
      expect(text).toContain(part);

    await settlement.control.setAutomine(false);
    await claim.dblclick();
    await panel.getByText('it is in no block yet').waitFor();
    await expect.poll(() => page.locator('p.hidden[aria-live]').textContent()).toContain('Claim sent');
    const hash = urlOf(page).get('claim') ?? '';
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    await page.reload();
    await panel.getByText('it is in no block yet').waitFor();
    await settlement.control.mine({ blocks: 1 });
    await panel.getByText('Claim paid in block').waitFor();
    await expect.poll(() => page.locator('.claimable').textContent()).toContain('Claimable now0');
    expect(await textOf(panel)).toContain(`Paid so far${tokensOf(earned)} tokens`);
    expect(await balanceOf(address)).toBe(earned);
    await settlement.control.mine({ blocks: 100 });
    await panel.getByText('final in block').waitFor();
    await settlement.control.setAutomine(true);

    expect(wallet.sent).toHaveLength(1);
    expect(wallet.sent[0]).toMatchObject({
      from: address,
      to: settlement.deployment.contracts.distributor.toLowerCase(),
      value: '0x0',
    });
    const allowed = /^eth_(call|chainId|accounts|requestAccounts|blockNumber|sendTransaction|get\w+)$/;
    expect(wallet.asked.filter((method) => !allowed.test(method))).toEqual([]);
    const { status } = await settlement.reader.getTransactionReceipt({ hash: `0x${hash}` });
    expect(status).toBe('success');

    await panel.getByRole('button', { name: first?.name ?? '' }).click();
    await panel.getByRole('heading', { name: 'Verdicts' }).waitFor();
    await panel.getByRole('button', { name: 'Rewards of its owner' }).click();
    await panel.getByRole('heading', { name: 'Rewards' }).waitFor();
    expect(urlOf(page).get('owner')).toMatch(/^0x/);
    expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
  });

  it('are not taken from a mirror that lies or does not answer, but from anybody who proves them', async () => {
    const wallet = walletOf('guardian');
    wallet.isAuthorised = true;
    server.owners.lie = TOKEN;
    const address = addressOf('guardian');
    const earned = server.owners.earned(address, LAST_CLAIMABLE);
    const { panel } = await open([wallet]);
    await panel.getByText('sent a proof that does not lead to the root on the chain: not used').waitFor();
    expect(await textOf(panel)).toContain('Claimable nowNot known');
    expect(await panel.getByRole('button', { name: /^Claim / }).count()).toBe(0);
    await expectAccessible(panel.page(), 'a lying mirror');

    const proof = panel.getByRole('textbox', { name: /^Paste what a mirror answers/ });
    const check = panel.getByRole('button', { name: 'Check this proof' });
    await proof.fill(JSON.stringify(server.owners.proof(address, LAST_CLAIMABLE)));
    await check.click();
    await panel.getByText('This proof leads to no root that the chain pays from now').waitFor();
    await proof.fill(JSON.stringify(server.owners.proof(addressOf('deployer'), LAST_CLAIMABLE, 0n)));
    await check.click();
    await panel.getByText('This is a proof of another account').waitFor();
    expect(wallet.sent).toEqual([]);
    await proof.fill(JSON.stringify(server.owners.proof(address, LAST_CLAIMABLE, 0n)));
    await check.click();
    await panel.getByRole('button', { name: `Claim ${tokensOf(earned)} tokens` }).click();
    await panel.getByText('Claim paid in block').waitFor();
    expect(await balanceOf(address)).toBe(earned);

    server.owners.isDown = true;
    await panel.page().reload();
    await panel.getByText('did not answer: not used').waitFor();
    await panel.getByText('So nobody knows yet what can be claimed').waitFor();
  });

  it('wait for the right chain, and for a yes of whoever has the wallet', async () => {
    const wallet = walletOf('governor', 'Test Wallet', 1);
    const address = addressOf('governor');
    const { page, panel, problems } = await open([wallet]);
    const connect = panel.getByRole('button', { name: 'Connect Test Wallet' });
    wallet.saysNo = true;
    await connect.click();
    await panel.getByText('You said no in the wallet. Nothing was sent.').waitFor();
    expect(await panel.locator('.trouble').count()).toBe(0);
    wallet.saysNo = false;
    await connect.click();
    await panel.getByText('The wallet is on chain 1; this network pays on chain 31337').waitFor();
    expect(wallet.asked).not.toContain('eth_call');
    await expectAccessible(page, 'the wrong chain');

    wallet.knows.delete(31_337);
    const change = panel.getByRole('button', { name: 'Switch to chain 31337' });
    await change.click();
    await panel.getByText('The wallet does not know this chain').waitFor();
    wallet.knows.add(31_337);
    await change.click();
    const claim = panel.getByRole('button', { name: /^Claim / });
    await claim.waitFor();

    wallet.saysNo = true;
    await claim.click();
    await panel.getByText('You said no in the wallet. Nothing was sent.').waitFor();
    expect(await claim.isEnabled()).toBe(true);
    expect(await page.locator('p.hidden[aria-live]').textContent()).toContain('You said no');
    expect(wallet.sent).toEqual([]);

    wallet.accounts = [addressOf('other')];
    await wallet.emit('accountsChanged', wallet.accounts);
    await panel.getByRole('button', { name: `Copy address ${addressOf('other')}` }).waitFor();
    await expect.poll(() => textOf(panel)).toContain('Claimable now0 tokens');
    await wallet.emit('chainChanged', '0x1');
    await panel.getByText('The wallet is on chain 1').waitFor();
    await wallet.emit('disconnect', { code: 4900 });
    await connect.waitFor();
    expect(await balanceOf(address)).toBe(0n);
    // An account without rewards has no proof: that is a 404, and nothing else went wrong.
    expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
  });

  it('can be looked at by anybody, without a wallet', async () => {
    const address = addressOf('deployer');
    const { page, panel, problems } = await open([], '/?owner=wallet&theme=light');
    await panel.getByText('This browser has no wallet').waitFor();
    await panel.getByRole('textbox', { name: 'Look at an address' }).fill(address.toUpperCase().replace('0X', '0x'));
    await page.keyboard.press('Enter');
    await panel.getByText('By this oracle’s word').waitFor();
    await panel.getByRole('heading', { name: 'What was earned, by hotspot' }).waitFor();
    expect(await textOf(panel)).toContain(
      `Earned since genesis${tokensOf(server.owners.earned(address, LAST_CLOSED))} tokens`,
    );
    expect(urlOf(page).get('owner')).toBe(address);
    await page.reload();
    await panel.getByRole('heading', { name: 'What was earned, by hotspot' }).waitFor();
    await expectAccessible(page, 'no wallet');
    expect(problems).toEqual([]);
  });

  it('go to their owner whoever sends the claim, with the wallet that was chosen of several', async () => {
    const [one, two] = [walletOf('other', 'First Wallet'), walletOf('other', 'Second Wallet')];
    const address = addressOf('deployer');
    const earned = server.owners.earned(address, LAST_CLAIMABLE);
    const { page, panel, problems } = await open([one, two], `/?owner=${address}`, {
      viewport: { width: 320, height: 640 },
      hasTouch: true,
    });
    await panel.getByRole('button', { name: 'Connect Second Wallet' }).click();
    const claim = panel.getByRole('button', { name: `Claim ${tokensOf(earned)} tokens` });
    await claim.waitFor();
    await panel.getByText(`The tokens go to ${address}, whoever sends it`).waitFor();
    expect(await smallTargets(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    expect(await panel.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
    await expectAccessible(page, '320 px, claimable');
    await claim.focus();
    await page.keyboard.press('Enter');
    await panel.getByText('Claim paid in block').waitFor();
    expect(await balanceOf(address)).toBe(earned);
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('detail-title');
    expect([one.sent.length, two.sent.length]).toEqual([0, 1]);
    expect(problems).toEqual([]);
  });
});
