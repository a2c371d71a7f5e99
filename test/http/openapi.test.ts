import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { bytesToHex, formatId, parseId } from '@sextant/firmware-bridge/protocol';
import type { ChainView, Problem } from '@sextant/oracle/api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../store/database-harness.ts';
import { bytes, cellOf, surveyKey } from '../store/sample-network.ts';
import { runs } from '../support/runs.ts';
import { Conformance, type OpenApiDocument } from './openapi-document.ts';
import { HOTSPOTS, type SeededOracle, startSeededOracle } from './seeded-oracle.ts';
import { hexText, idOf, ownerText, questionsTo } from './seeded-questions.ts';

let databases: TestServer;
let oracle: SeededOracle;
let document: OpenApiDocument;
let conformance: Conformance;
let chain: ChainView | undefined;

beforeAll(async () => {
  databases = await startTestServer();
  oracle = await startSeededOracle(databases, { modules: { findChain: () => chain } });
  document = await getJson<OpenApiDocument>('/openapi.json');
  conformance = new Conformance(document);
});
afterAll(async () => {
  await oracle.close();
  await databases.close();
});

const { ask, getJson } = questionsTo(() => oracle);
const address = (digit: string): string => `0x${digit.repeat(40)}`;
const SAMPLE_CHAIN: ChainView = {
  chainId: 31_337,
  fromBlock: 1,
  tokenDecimals: 18,
  contracts: {
    timelock: address('1'),
    token: address('2'),
    emission: address('3'),
    validators: address('4'),
    hotspots: address('5'),
    distributor: address('6'),
  },
};
const aReport = (): string => {
  for (const { reportId } of oracle.closed[0]?.verdicts ?? []) return bytesToHex(reportId);
  throw new Error('no verdict');
};

describe('the OpenAPI document', () => {
  test('is one, by the published schema of OpenAPI 3.1', async () => {
    const result = await new Validator().validate(structuredClone(document) as object as Record<string, unknown>);
    expect(result).toMatchObject({ valid: true });
    expect(document.openapi).toBe('3.1.1');
  });

  test('says what every route answers, good and bad', async () => {
    const id = idOf(3);
    const survey = formatId('survey_device', surveyKey);
    const cell = hexText(cellOf(2));
    const report = aReport();
    const requests: Readonly<Record<string, readonly string[]>> = {
      'get /api/v1/network': ['/api/v1/network'],
      'get /api/v1/hotspots': [
        '/api/v1/hotspots',
        '/api/v1/hotspots?bbox=16,49,17,50&limit=2',
        '/api/v1/hotspots?limit=0',
      ],
      'get /api/v1/hotspots/{id}': [
        `/api/v1/hotspots/${id}`,
        `/api/v1/hotspots/${survey}`,
        '/api/v1/hotspots/hs1x',
        `/api/v1/hotspots/${formatId('hotspot', bytes('stranger'))}`,
      ],
      'get /api/v1/hotspots/{id}/verdicts': [
        `/api/v1/hotspots/${id}/verdicts`,
        `/api/v1/hotspots/${survey}/verdicts`,
        `/api/v1/hotspots/${id}/verdicts?before=1-2`,
      ],
      'get /api/v1/hotspots/{id}/rewards': [
        `/api/v1/hotspots/${id}/rewards?limit=1`,
        `/api/v1/hotspots/${id}/rewards?before=x`,
      ],
      'get /api/v1/hotspots/{id}/footprint': [`/api/v1/hotspots/${id}/footprint`],
      'get /api/v1/hotspots/{id}/location': [
        `/api/v1/hotspots/${id}/location`,
        `/api/v1/hotspots/${id}/location?epoch=0`,
        `/api/v1/hotspots/${id}/location?epoch=99`,
        `/api/v1/hotspots/${idOf(HOTSPOTS - 1)}/location`,
        `/api/v1/hotspots/${survey}/location`,
      ],
      'get /api/v1/hexes/{cell}': [
        `/api/v1/hexes/${cell}`,
        `/api/v1/hexes/${cell}?epoch=1`,
        `/api/v1/hexes/${cell}?epoch=99`,
        `/api/v1/hexes/${hexText(cellOf(299))}`,
        '/api/v1/hexes/8f1e24aa8d7ffff',
      ],
      'get /api/v1/epochs': ['/api/v1/epochs', '/api/v1/epochs?before=1', '/api/v1/epochs?limit=1000'],
      'get /api/v1/epochs/{epoch}': [
        '/api/v1/epochs/1',
        '/api/v1/epochs/2',
        '/api/v1/epochs/-1',
        '/api/v1/epochs/99999999999',
      ],
      'get /api/v1/epochs/{epoch}/summary': ['/api/v1/epochs/0/summary', '/api/v1/epochs/7/summary'],
      'get /api/v1/epochs/{epoch}/proof': [
        `/api/v1/epochs/0/proof?verdict=${report}`,
        `/api/v1/epochs/0/proof?reward=${id}`,
        '/api/v1/epochs/0/proof',
        `/api/v1/epochs/1/proof?verdict=${report}`,
      ],
      'get /api/v1/epochs/{epoch}/owners/{address}': [
        `/api/v1/epochs/1/owners/${ownerText(3)}`,
        `/api/v1/epochs/1/owners/0x${'00'.repeat(20)}`,
      ],
      'get /api/v1/owners/{address}': [
        `/api/v1/owners/${ownerText(3)}`,
        `/api/v1/owners/${ownerText(3)}?claimed=7`,
        `/api/v1/owners/${ownerText(3)}?claimed=-7`,
        `/api/v1/owners/0x${'00'.repeat(20)}`,
        '/api/v1/owners/0x1',
      ],
      'get /api/v1/owners/{address}/rewards': [
        `/api/v1/owners/${ownerText(0)}/rewards`,
        `/api/v1/owners/${ownerText(0)}/rewards?from=1&to=1&limit=1`,
        `/api/v1/owners/${ownerText(0)}/rewards?after=hs1x`,
      ],
      'get /tiles/{set}/tiles.json': [
        '/tiles/live/tiles.json',
        '/tiles/0/tiles.json',
        '/tiles/9/tiles.json',
        '/tiles/all/tiles.json',
      ],
      'get /tiles/{set}/{z}/{x}/{y}.mvt': [
        '/tiles/live/0/0/0.mvt',
        '/tiles/1/0/0/0.mvt',
        '/tiles/1/8/0/0.mvt',
        '/tiles/1/13/0/0.mvt',
        '/tiles/1/1/2/0.mvt',
        '/tiles/9/0/0/0.mvt',
      ],
      'get /log/checkpoint': ['/log/checkpoint'],
      'get /log/tile/{*}': ['/log/tile/0/000', '/log/tile/entries/000', '/log/tile/0/999', '/log/tile/..%2fcheckpoint'],
      'get /log/proof': ['/log/proof?leaf=0', '/log/proof?leaf=99999999', '/log/proof'],
      'get /healthz': ['/healthz'],
      'get /metrics': ['/metrics'],
      'get /api/v1/live': ['/api/v1/live?unknown=1'],
    };
    for (const [operation, urls] of Object.entries(requests)) {
      for (const url of urls) expect(conformance.faults(operation, await ask(url)), url).toEqual([]);
    }
    expect((await ask('/api/v1/chain')).json<Problem>().code).toBe('no_chain');
    for (const each of [undefined, SAMPLE_CHAIN]) {
      chain = each;
      expect(conformance.faults('get /api/v1/chain', await ask('/api/v1/chain'))).toEqual([]);
    }
    expect(await getJson('/api/v1/chain')).toEqual(SAMPLE_CHAIN);
    const post = async (url: string, payload: object) => oracle.server.inject({ method: 'POST', url, payload });
    const joining = {
      key: id,
      participant: 'hotspot',
      owner: ownerText(1),
      code: 'abc',
      keySignature: 'ab'.repeat(64),
    };
    for (const body of [joining, {}, { ...joining, key: survey }, { ...joining, more: 1 }]) {
      expect(conformance.faults('post /api/v1/join', await post('/api/v1/join', body))).toEqual([]);
    }
    for (const body of [{ id, token: 'abc' }, { id }]) {
      const answer = await post('/api/v1/broker/session', body);
      expect(conformance.faults('post /api/v1/broker/session', answer)).toEqual([]);
    }
    expect([...conformance.seen].toSorted()).toEqual(conformance.operations().toSorted());
  });

  test('names every kind of live event', () => {
    const names = ['LiveHex', 'VerdictView', 'HotspotSummary', 'EpochListItem', 'LiveRound', 'Problem'];
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(names));
  });
});

describe('hostile requests', () => {
  const code = async (url: string): Promise<string> => (await ask(url)).json<Problem>().code;

  test('are told what is wrong with them', async () => {
    expect(await code('/api/v1/hotspots?limit=1001')).toBe('bad_parameter');
    expect(await code('/api/v1/hotspots?colour=red')).toBe('bad_parameter');
    expect(await code('/api/v1/hotspots?limit=1&limit=2')).toBe('bad_parameter');
    expect(await code('/api/v1/hotspots?bbox=1,2,3')).toBe('bad_parameter');
    const mistyped = `${idOf(1).slice(0, -1)}${idOf(1).endsWith('q') ? 'p' : 'q'}`;
    expect(parseId(mistyped)).toBeUndefined();
    expect(await code(`/api/v1/hotspots/${mistyped}`)).toBe('bad_parameter');
    expect(await code('/api/v1/nothing')).toBe('unknown_route');
    expect(await code('/api/v1/epochs/%zz')).toBe('bad_request');
    const post = async (payload: string, type = 'application/json') =>
      oracle.server.inject({ method: 'POST', url: '/api/v1/join', payload, headers: { 'content-type': type } });
    expect((await post('x'.repeat(17_000))).json<Problem>().code).toBe('body_too_large');
    expect((await post('{')).json<Problem>().code).toBe('bad_body');
    expect((await post('<a/>', 'text/xml')).json<Problem>().code).toBe('wrong_media_type');
    expect((await post('{"__proto__":{"a":1}}')).statusCode).toBe(400);
    expect((await post('')).json<Problem>().code).toBe('bad_body');
  });

  test('never get more than a problem they can read, whatever the query', async () => {
    const paths = [...Object.keys(document.paths), '/', '/basemap/0/0/0.mvt', '/assets/x'].filter(
      (path) => path !== '/api/v1/live',
    );
    const plausible = fc.constantFrom(
      '0',
      '1',
      '-1',
      '2147483648',
      '99999999999999999999',
      '1e3',
      '0x10',
      'live',
      'null',
      'NaN',
      '1.5',
      '',
      ' ',
      idOf(1),
      formatId('survey_device', surveyKey),
      hexText(cellOf(1)),
      '8001fffffffffff',
      '16,49,17,50',
      '170,-90,-170,90',
      ',,,',
      `${Date.now()}-${'0'.repeat(64)}`,
      `9999999999999-${'f'.repeat(64)}`,
      '0'.repeat(64),
      ownerText(1),
      'tile/0/000',
      '\u0000',
      '%00',
      '..%2f..',
      '\ud800',
    );
    const value = fc.oneof(plausible, fc.string({ unit: 'binary', maxLength: 40 }));
    const name = fc.constantFrom(
      'limit',
      'after',
      'before',
      'bbox',
      'epoch',
      'verdict',
      'reward',
      'claimed',
      'from',
      'to',
      'leaf',
      '__proto__',
      'constructor',
    );
    const encode = (text: string): string => {
      try {
        return encodeURIComponent(text);
      } catch {
        return '%ff';
      }
    };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.array(value, { minLength: 5, maxLength: 5 }),
        fc.array(fc.tuple(name, value), { maxLength: 3 }),
        async (path, values, query) => {
          let at = 0;
          const filled = path.replaceAll(/\{[^}]+\}/g, () => encode(values[at++] ?? ''));
          const search = query.map(([key, text]) => `${key}=${encode(text)}`).join('&');
          const answer = await ask(`${filled}${search === '' ? '' : `?${search}`}`);
          expect(answer.statusCode).toBeLessThan(500);
          if (answer.statusCode < 400) return;
          expect(conformance.componentFaults('Problem', answer.json())).toEqual([]);
          expect(answer.headers['content-type']).toContain('application/problem+json');
        },
      ),
      { numRuns: runs(5_000) },
    );
  });
});

test('the documentation explains every problem code, and no other', () => {
  const text = readFileSync(new URL('../../oracle/docs/http-api.md', import.meta.url), 'utf8');
  const explained = [...text.matchAll(/^\| `([a-z_]+)` \| \d{3} \|/gm)].map(([, name]) => name);
  const schema = document.components.schemas['Problem'] as { properties: { code: { enum: string[] } } };
  expect(new Set(explained)).toEqual(new Set(schema.properties.code.enum));
});
