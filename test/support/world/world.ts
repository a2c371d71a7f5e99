import { createSeedSigner, type Signer } from '@sextant/firmware-bridge/native-ed25519';
import {
  type ChainAnchor,
  certificateMessage,
  ddbi,
  ddbm,
  type Genesis,
  joinMessage,
  type LocationAssertion,
  metres,
  type ParticipantKind,
  type RoundCertificate,
  roundEntropy,
  type Timing,
  unixMs,
  type ValidatorRecord,
} from '@sextant/firmware-bridge/protocol';
import { type RuleSet, ruleSetFor, type TimingProfile } from '@sextant/oracle/core';
import { latLngToCell } from 'h3-js';
import { createSeeded, seededBytes } from './seeded.ts';
import { createShortChain, type ShortChain } from './short-chain.ts';

/** Two rounds of twelve slots an epoch: short enough that a test sees many epochs. */
const WORLD_TIMING: TimingProfile = {
  slotMs: 5_000,
  roundMs: 60_000,
  epochMs: 120_000,
  clockMarginMs: 3_000,
  epochGraceMs: 8_000,
};
const GENESIS_MS = 1_700_000_000_000;
const CHAIN_LINKS = 512;
/** Brno. */
const CENTRE = { lat: 49.2, lng: 16.6 };

export interface Member {
  readonly kind: ParticipantKind;
  readonly signer: Signer;
  readonly key: Uint8Array;
  /** EVM address, 20 bytes. */
  readonly owner: Uint8Array;
  readonly chain: ShortChain;
  readonly lat: number;
  readonly lng: number;
  /** Where a hotspot says it is, and is; for a survey device where it starts. */
  readonly cell: bigint;
}

export interface Validator {
  readonly signer: Signer;
  readonly chain: ShortChain;
  readonly owner: Uint8Array;
}

export interface WorldOptions {
  readonly seed: number;
  readonly hotspots: number;
  readonly surveyDevices?: number;
  readonly validators?: number;
  readonly timing?: TimingProfile;
  /** How far the hotspots lie from the centre at most, kilometres. */
  readonly radiusKm?: number;
  /** How many of the hotspots are anchors. */
  readonly anchors?: number;
  /** Spread of what houses and hills take from each link, dB; none unless told. */
  readonly shadowDb?: number;
  /** Number of its rule set, 1 unless told. */
  readonly ruleSet?: number;
  /** Distinguishes the owners of two otherwise equal worlds. */
  readonly owners?: string;
}

/** A network of honest participants, made of nothing but a seed. */
export interface World {
  readonly networkId: string;
  readonly timing: Timing;
  readonly ruleSet: RuleSet;
  readonly genesis: Genesis;
  readonly validators: readonly Validator[];
  readonly hotspots: readonly Member[];
  readonly surveyDevices: readonly Member[];
  readonly anchors: readonly Member[];
  readonly shadowDb: number;
}

type RecordOf<K extends ValidatorRecord['kind']> = Omit<Extract<ValidatorRecord, { kind: K }>, 'validator'>;

export function createWorld(options: WorldOptions): World {
  const { seed, timing: profile = WORLD_TIMING } = options;
  const networkId = `world-${seed}`;
  const timing: Timing = { genesisMs: unixMs(GENESIS_MS), ...profile };
  const ruleSet = ruleSetFor(options.ruleSet ?? 1, timing);
  if (!ruleSet) throw new Error(`no rule set ${options.ruleSet}`);
  const validators = Array.from(
    { length: options.validators ?? 1 },
    (_, i): Validator => ({
      signer: createSeedSigner(seededBytes(seed, 'validator', i)),
      chain: createShortChain(seededBytes(seed, 'entropy', i), CHAIN_LINKS),
      owner: seededBytes(seed, options.owners ?? '', 'validator owner', i).slice(0, 20),
    }),
  ).sort((a, b) => Buffer.compare(a.signer.publicKey, b.signer.publicKey));
  const genesis: Genesis = {
    kind: 'genesis',
    networkId,
    ruleSet: ruleSet.number,
    ruleSetId: ruleSet.id,
    timing,
    validators: validators.map(({ signer, chain, owner }) => ({
      logKey: signer.publicKey,
      chainAnchor: chain.anchor,
      firstRound: 0,
      owner,
    })),
  };
  const member = (kind: ParticipantKind, i: number) => createMember(options, kind, i);
  const hotspots = Array.from({ length: options.hotspots }, (_, i) => member('hotspot', i));
  const surveyDevices = Array.from({ length: options.surveyDevices ?? 0 }, (_, i) => member('survey_device', i));
  const anchors = hotspots.slice(0, options.anchors ?? 0);
  const { shadowDb = 0 } = options;
  return { networkId, timing, ruleSet, genesis, validators, hotspots, surveyDevices, anchors, shadowDb };
}

function createMember(options: WorldOptions, kind: ParticipantKind, i: number): Member {
  const { seed, radiusKm = 6, owners = '' } = options;
  const random = createSeeded(seed * 1_000_003 + (kind === 'hotspot' ? 0 : 500_000) + i);
  const lat = CENTRE.lat + ((2 * random.next() - 1) * radiusKm) / 111;
  const lng = CENTRE.lng + ((2 * random.next() - 1) * radiusKm) / 73;
  const signer = createSeedSigner(seededBytes(seed, kind, i));
  return {
    kind,
    signer,
    key: signer.publicKey,
    owner: seededBytes(seed, owners, kind, 'owner', i).slice(0, 20),
    chain: createShortChain(seededBytes(seed, kind, 'chain', i), CHAIN_LINKS),
    lat,
    lng,
    cell: BigInt(`0x${latLngToCell(lat, lng, 9)}`),
  };
}

/** What a hotspot says of itself; change what a test is about. */
export function assertionOf(member: Member, changes: Partial<LocationAssertion> = {}): LocationAssertion {
  return {
    kind: 'location_assertion',
    number: 1,
    cell: member.cell,
    antennaAglM: metres(20),
    altitudeMslM: metres(300),
    antennaGainDdbi: ddbi(20),
    txPowerLevelsDdbm: [ddbm(80), ddbm(110), ddbm(140)],
    regionPlan: 'EU868',
    canTransmit: true,
    chainAnchor: member.chain.anchor,
    firstRound: 0,
    ...changes,
  };
}

/** What a survey device says of itself. Link 1 opens index 1. */
export function anchorOf(member: Member, changes: Partial<ChainAnchor> = {}): ChainAnchor {
  return {
    kind: 'chain_anchor',
    number: 1,
    chainAnchor: member.chain.anchor,
    firstIndex: 1,
    txPowerLevelsDdbm: [ddbm(140)],
    antennaGainDdbi: ddbi(0),
    regionPlan: 'EU868',
    ...changes,
  };
}

export function invitationOf(world: World, member: Member): RecordOf<'invitation'> {
  const invitation = {
    key: member.key,
    participant: member.kind,
    owner: member.owner,
    codeHash: seededBytes('code', Buffer.from(member.key).toString('hex')),
  };
  const keySignature = member.signer.sign(joinMessage(world.networkId, invitation));
  return { kind: 'invitation', ...invitation, keySignature };
}

export function grantOf(member: Member, lastEpoch: number): RecordOf<'grant'> {
  const grant = member.kind === 'hotspot' ? 'anchor' : 'survey_device';
  return { kind: 'grant', key: member.key, grant, lastEpoch };
}

/** What the way between two places takes besides distance, dB: the same in both directions, and always. */
export function shadowBetween(
  world: World,
  receiver: Member,
  { sender, lat, lng }: { readonly sender: Member; readonly lat: number; readonly lng: number },
): number {
  if (world.shadowDb === 0) return 0;
  const street = sender.kind === 'hotspot' ? '' : latLngToCell(lat, lng, 8);
  const ends = [receiver, sender].map(({ key }) => Buffer.from(key).toString('hex')).sort();
  const bytes = seededBytes('shadow', street, ...ends);
  // The sum of twelve even numbers is all but normal.
  return world.shadowDb * (bytes.slice(0, 12).reduce((sum, byte) => sum + byte / 255, 0) - 6);
}

/** The round's certificate, revealed and signed by all validators. Link r + 1 of each chain opens round r. */
export function certificateOf(world: World, round: number): RoundCertificate {
  const { networkId, ruleSet, validators } = world;
  const reveals = validators.map(({ signer, chain }) => ({
    validator: signer.publicKey,
    chainLink: chain.link(round + 1),
  }));
  const entropy = roundEntropy(networkId, round, reveals);
  const message = certificateMessage(networkId, { round, ruleSetId: ruleSet.id, entropy });
  const signatures = validators.map(({ signer }) => ({
    validator: signer.publicKey,
    signature: signer.sign(message),
  }));
  return { kind: 'round_certificate', round, ruleSetId: ruleSet.id, reveals, entropy, signatures };
}
