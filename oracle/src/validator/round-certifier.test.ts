import { createManualClock } from '@sextant/firmware-bridge/clock';
import { createSeedSigner, fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import {
  createHashChain,
  findCertificateFault,
  type RoundCertificate,
  type Timing,
  type UnixMs,
} from '@sextant/firmware-bridge/protocol';
import { describe, expect, it } from 'vitest';
import { createRecordSigner } from './record-signer.ts';
import { createRoundCertifier } from './round-certifier.ts';

const GENESIS = 1_790_000_000_000;
const timing: Timing = {
  genesisMs: GENESIS as UnixMs,
  slotMs: 5_000,
  roundMs: 60_000,
  epochMs: 300_000,
  clockMarginMs: 3_000,
  epochGraceMs: 8_000,
};
const at = (ms: number) => (GENESIS + ms) as UnixMs;
const networkId = 'test-net';
const signer = createSeedSigner(new Uint8Array(32).fill(1));
const chain = createHashChain(new Uint8Array(32).fill(9));
const validators = [{ logKey: signer.publicKey, chainAnchor: chain.anchor, firstRound: 0, owner: new Uint8Array(20) }];

async function open(startMs: number, latest?: RoundCertificate) {
  const clock = createManualClock(at(startMs));
  const made: { round: number; atMs: number; certificate: RoundCertificate }[] = [];
  let failures = 0;
  let broken = false;
  const write = async (): Promise<void> => {
    if (broken) throw new Error('disk full');
  };
  const certifier = createRoundCertifier(
    { networkId, ruleSetId: new Uint8Array(32).fill(1), timing, ...(latest ? { latest } : {}) },
    {
      log: { append: write, appendRecord: write },
      signer,
      sign: createRecordSigner(networkId, signer),
      entropy: { chain, firstRound: 0 },
      clock,
      onCertified: (certificate) => made.push({ round: certificate.round, atMs: clock.now() - GENESIS, certificate }),
      onFailed: () => failures++,
    },
  );
  await certifier.start();
  return { clock, made, certifier, failures: () => failures, breakDisk: (value: boolean) => (broken = value) };
}

describe('round certificates of one validator', () => {
  it('come 2W before each round, once, and hold against the validator set', async () => {
    const { clock, made } = await open(0);
    await clock.advanceTo(at(240_000));
    expect(made.map(({ round, atMs }) => [round, atMs])).toEqual([
      [0, 0],
      [1, 54_000],
      [2, 114_000],
      [3, 174_000],
      [4, 234_000],
    ]);
    for (const { certificate } of made) {
      expect(findCertificateFault(networkId, certificate, validators, fastVerifySignature)).toBeUndefined();
    }
    const forged = { ...made[2]?.certificate, round: 3 } as RoundCertificate;
    expect(findCertificateFault(networkId, forged, validators, fastVerifySignature)).toBe('chain_link_mismatch');
  });

  it('skip a round whose time has passed: it stays void', async () => {
    const { made } = await open(65_000);
    expect(made.map(({ round }) => round)).toEqual([]);
    const inTime = await open(62_000);
    expect(inTime.made.map(({ round }) => round)).toEqual([1]);
  });

  it('go on after the newest one in the log', async () => {
    const first = await open(54_000);
    const latest = first.made.at(-1)?.certificate;
    const { clock, made } = await open(55_000, latest);
    await clock.advanceTo(at(120_000));
    expect(made.map(({ round }) => round)).toEqual([2]);
  });

  it('are tried again while the disk is full, as long as they can count', async () => {
    const { clock, made, failures, breakDisk } = await open(10_000);
    breakDisk(true);
    await clock.advanceTo(at(57_000));
    expect(failures()).toBeGreaterThan(1);
    breakDisk(false);
    await clock.advanceTo(at(59_000));
    expect(made.at(-1)?.round).toBe(1);
  });
});
