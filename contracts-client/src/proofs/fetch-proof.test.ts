import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bytesToHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOwnerTree } from '../encoding/index.ts';
import { fetchProof } from './fetch-proof.ts';

const leaves = [1, 2, 3].map((byte) => ({ owner: new Uint8Array(20).fill(byte), cumulative: BigInt(byte) * 100n }));
const tree = createOwnerTree(leaves);
const owner = bytesToHex(new Uint8Array(20).fill(1));
const root = { epoch: 7, root: tree.root };
const path = (tree.findProof(new Uint8Array(20).fill(1)) ?? []).map((sibling) => bytesToHex(sibling).slice(2));

/** Answers by the first part of the path. */
const ANSWERS: Readonly<Record<string, { status?: number; body: string; location?: string }>> = {
  good: { body: JSON.stringify({ epoch: 7, owner, cumulative: '100', path }) },
  inflated: { body: JSON.stringify({ owner, cumulative: '101', path }) },
  foreign: { body: JSON.stringify({ owner: `0x${'22'.repeat(20)}`, cumulative: '200', path }) },
  noise: { body: '<html>' },
  huge: { body: JSON.stringify({ owner, cumulative: '9'.repeat(78), path }) },
  list: { body: '[1]' },
  nothing: { body: 'null' },
  shape: { body: JSON.stringify({ owner, cumulative: '1e9', path }) },
  endless: { body: 'x'.repeat(200_000) },
  longpath: { body: JSON.stringify({ owner, cumulative: '100', path: Array.from({ length: 41 }, () => path[0]) }) },
  absent: { status: 404, body: '{}' },
  broken: { status: 500, body: '{}' },
  moved: { status: 302, body: '', location: '/good/api/v1/epochs/7/owners/0x01' },
};

let server: Server;
let base: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const [, name = ''] = (request.url ?? '').split('/');
    const answer = ANSWERS[name];
    response.statusCode = answer?.status ?? 200;
    if (answer?.location !== undefined) response.setHeader('location', answer.location);
    response.end(answer?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

describe('fetchProof', () => {
  it.each([
    ['inflated', 'wrong_proof'],
    ['foreign', 'other_owner'],
    ['noise', 'not_an_answer'],
    ['list', 'not_an_answer'],
    ['nothing', 'not_an_answer'],
    ['huge', 'wrong_proof'],
    ['shape', 'not_an_answer'],
    ['longpath', 'not_an_answer'],
    ['endless', 'unreachable'],
    ['broken', 'unreachable'],
    ['moved', 'unreachable'],
  ])('does not use a mirror that is %s, and asks the next', async (name, fault) => {
    const mirrors = [`${base}/${name}`, `${base}/good/`];
    const found = await fetchProof(mirrors, root, owner, fetch);
    expect(found).toMatchObject({ kind: 'proof', mirror: mirrors[1], refused: [{ mirror: mirrors[0], fault }] });
    expect(found.kind === 'proof' && found.proof).toMatchObject({ epoch: 7, cumulative: 100n });
  });

  it('does not use a good answer for another root', async () => {
    const found = await fetchProof([`${base}/good`], { epoch: 7, root: new Uint8Array(32).fill(1) }, owner, fetch);
    expect(found).toMatchObject({ kind: 'failed', refused: [{ fault: 'wrong_proof' }] });
  });

  it('knows absent from unknown', async () => {
    expect(await fetchProof([`${base}/absent`], root, owner, fetch)).toMatchObject({ kind: 'absent' });
    expect(await fetchProof(['http://127.0.0.1:1'], root, owner, fetch)).toMatchObject({
      kind: 'failed',
      refused: [{ fault: 'unreachable' }],
    });
  });
});
