import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  bytesToHex,
  type Ddbm,
  decodeEnvelope,
  decodeReportBatch,
  deriveBeaconParameters,
  formatId,
  hexToBytes,
  legalSpreadingFactors,
  nameOfKey,
  parseBeaconFrame,
  parseId,
  REGION_PLANS,
} from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';

/**
 * The worked example of wire-format.md, recomputed with Node's own crypto and concatenations written out by hand, so
 * that the document and not our code is the expectation.
 */
const document = readFileSync(new URL('../../firmware-bridge/docs/wire-format.md', import.meta.url), 'utf8');
const block = /```example\n([\s\S]+?)```/.exec(document)?.[1] ?? '';
const example = new Map(
  block
    .trim()
    .split('\n')
    .map((line) => line.split(': ') as [string, string]),
);
const value = (name: string): string => example.get(name) ?? `wire-format.md has no "${name}"`;
const bytes = (name: string): Buffer => Buffer.from(value(name), 'hex');

const sha256 = (...parts: (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const NETWORK = 'sextant-example';
const round = Buffer.from('0000000000000068', 'hex');

function privateKey(fill: number) {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, fill)]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}
const publicKey = (fill: number) =>
  createPublicKey(privateKey(fill)).export({ format: 'der', type: 'spki' }).subarray(12).toString('hex');

describe('the worked example of wire-format.md', () => {
  it('has the keys, ids and names of its seeds', () => {
    expect(value('hotspot key')).toBe(publicKey(1));
    expect(value('witness key')).toBe(publicKey(2));
    expect(value('hotspot id')).toBe(formatId('hotspot', bytes('hotspot key')));
    expect(parseId(value('witness id'))).toEqual({ kind: 'hotspot', publicKey: Uint8Array.from(bytes('witness key')) });
    expect(value('hotspot name')).toBe(nameOfKey(bytes('hotspot key')));
  });

  it('has the chain, the secret, the frame and the commitment', () => {
    let link: Buffer = Buffer.alloc(32, 3);
    const links: Buffer[] = [];
    for (let index = 65_536; index > 0; index--) {
      if (index <= 5) links[index] = link;
      link = sha256('sextant/v1/chain', Buffer.alloc(1), link);
    }
    expect(value('chain anchor')).toBe(link.toString('hex'));
    expect(value('chain link 5')).toBe(links[5]?.toString('hex'));
    const secret = sha256(
      'sextant/v1/beacon',
      Buffer.alloc(1),
      NETWORK,
      Buffer.alloc(32, 0x11),
      Buffer.alloc(32, 0x22),
      bytes('hotspot key'),
      round,
      bytes('chain link 5'),
    );
    expect(value('secret')).toBe(secret.toString('hex'));
    expect(value('frame')).toBe(`e05301${value('tag')}${value('nonce')}`);
    expect(secret.toString('hex').startsWith(value('tag') + value('nonce'))).toBe(true);
    expect(parseBeaconFrame(bytes('frame'))).toEqual({
      tag: Uint8Array.from(bytes('tag')),
      nonce: Uint8Array.from(bytes('nonce')),
    });
    const commitment = sha256('sextant/v1/witness', Buffer.alloc(1), bytes('nonce'), bytes('witness key'));
    expect(value('commitment')).toBe(commitment.toString('hex'));
  });

  it('has the derived parameters', () => {
    const words = sha256('sextant/v1/beacon-parameters', Buffer.alloc(1), bytes('secret'));
    const { beaconChannelsHz } = REGION_PLANS.EU868;
    const word = (i: number): number => words.readUInt32BE(4 * i);
    const levels = [80, 110, 140] as Ddbm[];
    const expected = {
      slotInRound: word(0) % 360,
      frequencyHz: beaconChannelsHz[word(1) % 8],
      spreadingFactor: 7 + (word(2) % 6),
      txPowerDdbm: levels[word(3) % 3],
    };
    expect(expected).toEqual({ slotInRound: 20, frequencyHz: 867_700_000, spreadingFactor: 12, txPowerDdbm: 140 });
    const choices = {
      slotsPerRound: 360,
      channelsHz: beaconChannelsHz,
      spreadingFactors: legalSpreadingFactors(REGION_PLANS.EU868, 23, 60_000_000),
      powerLevelsDdbm: levels,
    };
    expect(deriveBeaconParameters(bytes('secret'), choices)).toEqual(expected);
  });

  it('has the report, its id, the batch and the envelope, signed', () => {
    expect(value('payload').endsWith(`2a4b${value('report')}`)).toBe(true);
    const id = sha256('sextant/v1/report-id', Buffer.alloc(1), NETWORK, bytes('witness key'), bytes('report'));
    expect(value('report id')).toBe(id.toString('hex'));
    expect(value('payload hash')).toBe(sha256(bytes('payload')).toString('hex'));
    const message = Buffer.concat([Buffer.from('sextant/v1/report\0'), Buffer.from(NETWORK), bytes('payload')]);
    expect(value('signed message')).toBe(message.toString('hex'));
    expect(value('signature')).toBe(sign(null, message, privateKey(2)).toString('hex'));
    const envelope = decodeEnvelope(bytes('envelope'));
    expect(envelope.ok && bytesToHex(envelope.value.payload)).toBe(value('payload'));
    const batch = decodeReportBatch(hexToBytes(value('payload')));
    expect(batch.ok && batch.value.reports[0]).toMatchObject({
      kind: 'witness',
      rssiChannelDdbm: -1130,
      rssiSignalDdbm: -1150,
      snrDdb: -52,
      spreadingFactor: 12,
      frequencyHz: 867_700_000,
    });
  });
});
