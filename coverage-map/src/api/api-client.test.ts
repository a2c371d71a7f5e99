import { expect, it } from 'vitest';
import { ApiClient, ApiError } from './api-client.ts';

function client(answer: () => Promise<Response>): { api: ApiClient; urls: string[] } {
  const urls: string[] = [];
  const api = new ApiClient(
    { base: '/api/v1' },
    {
      fetch: (url) => {
        urls.push(url);
        return answer();
      },
    },
  );
  return { api, urls };
}

const json =
  (value: unknown, status = 200) =>
  async () =>
    new Response(JSON.stringify(value), { status });
const { signal } = new AbortController();

it('asks for what is given and leaves out what is not', async () => {
  const { api, urls } = client(json({ items: [] }));
  await api.hotspots([-1.23456, 2, 3, 4], 50, signal);
  await api.verdicts('hs1x', undefined, 20, signal);
  await api.verdicts('hs1x', 'cursor+/=', 20, signal);
  await api.hex('891e24aa8d7ffff', 0, signal);
  expect(urls).toEqual([
    '/api/v1/hotspots?bbox=-1.2346%2C2.0000%2C3.0000%2C4.0000&limit=50',
    '/api/v1/hotspots/hs1x/verdicts?limit=20',
    '/api/v1/hotspots/hs1x/verdicts?before=cursor%2B%2F%3D&limit=20',
    '/api/v1/hexes/891e24aa8d7ffff?epoch=0',
  ]);
});

it('gives the oracle’s own words and code when it refuses', async () => {
  const { api } = client(
    json({ status: 404, title: 'Not found', detail: 'No such epoch', code: 'no_such_epoch' }, 404),
  );
  const error = await api.epoch(99).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 404, code: 'no_such_epoch', message: 'No such epoch' });
});

it('copes with an answer that is no problem document, and with none', async () => {
  await expect(client(async () => new Response('<h1>502</h1>', { status: 502 })).api.network()).rejects.toMatchObject({
    status: 502,
  });
  await expect(client(() => Promise.reject(new TypeError('offline'))).api.network()).rejects.toMatchObject({
    status: 0,
    code: 'unreachable',
  });
});
