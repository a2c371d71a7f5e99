import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { RunningNetwork } from './bring-up.ts';
import { Monitor } from './monitor.ts';
import { OracleApi } from './oracle-api.ts';
import { PlainProgress } from './progress/plain-progress.ts';

const timing = {
  genesisMs: 0,
  roundMs: 5_000,
  epochMs: 20_000,
  epochGraceMs: 8_000,
  slotMs: 2_500,
  clockMarginMs: 3_000,
};
const network = {
  timing,
  serverTimeMs: 40_000,
  round: { index: 8 },
  epoch: 2,
  hotspots: 3,
  hexes: { covered: 1, surveyed: 0 },
  latestClosedEpoch: 0,
};
const epoch = {
  epoch: 0,
  total: '0',
  unminted: '0',
  held: '0',
  hotspotsPaid: 3,
  hexes: { covered: 1, surveyed: 0 },
  outcomes: { valid: 1, invalid: 0, insufficient: 0 },
  byReason: {},
  byClass: { beaconer: '0', witness: '0', survey: '0', validator: '0' },
};

let server: Server | undefined;
afterEach(() => server?.close());

/** An oracle that answers so many requests with a problem of this code first. */
async function busyOracle(code: string, times: number): Promise<OracleApi> {
  let left = times;
  server = createServer(({ url }, response) => {
    const isBusy = left-- > 0;
    const body = isBusy ? { code, title: 'Later', detail: 'Ask again.' } : url === '/api/v1/network' ? network : epoch;
    response.writeHead(isBusy ? 503 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return new OracleApi(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

function watch(api: OracleApi): { readonly monitor: Monitor; readonly ended: Promise<void> } {
  const progress = new PlainProgress({ output: { write: () => true }, nowMs: () => 0 });
  const running = { api, network: { latestClosedEpoch: undefined }, bridges: [], cheatOf: () => undefined };
  const monitor = new Monitor(
    { epochs: 1 },
    { running: running as unknown as RunningNetwork, progress, ageMs: () => 1 },
  );
  return { monitor, ended: monitor.watch(new AbortController().signal) };
}

it('asks an oracle again that has no time to answer, and tells each epoch once', async () => {
  const { monitor, ended } = watch(await busyOracle('timeout', 2));
  await ended;
  expect(monitor.sightings().epochs.map((one) => one.epoch)).toEqual([0]);
});

it('ends with what asking again cannot mend', async () => {
  await expect(watch(await busyOracle('unknown_route', 1)).ended).rejects.toThrow('Ask again.');
});
