import { isIP } from 'node:net';
import { z } from 'zod';
import {
  findTimingFault,
  hexToBytes,
  isNetworkId,
  parseId,
  type Timing,
  type UnixMs,
  unixMs,
  type ValidatorEntry,
} from '../protocol/index.ts';

/** A validator as pinned at `init`: who may sign certificates, receipts and announcements, and where its broker is. */
export interface PinnedValidator extends ValidatorEntry {
  /** `val1…` */
  readonly id: string;
  /** Origin of its log's checkpoints. */
  readonly origin: string;
  readonly brokerUrl: string;
  /** Its broker cannot judge login tokens: each is brought to the oracle first. */
  readonly needsBrokerSession: boolean;
}

/** What a bridge believes about its network. Learned once at `init` and pinned: later answers never change it. */
export interface NetworkFacts {
  readonly networkId: string;
  readonly ruleSet: number;
  readonly ruleSetId: Uint8Array;
  readonly timing: Timing;
  readonly validators: readonly PinnedValidator[];
}

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'not 64 hex digits');
const whole = z.int().nonnegative();

const VALIDATOR = z.object({
  id: z.string().refine((id) => parseId(id)?.kind === 'validator', 'not a val1… id'),
  origin: z.string().min(1).max(255),
  chainAnchor: hash,
  firstRound: whole,
  owner: z.string().regex(/^0x[0-9a-f]{40}$/, 'not an address'),
  brokerUrl: z.string().max(300),
  needsBrokerSession: z.boolean(),
});

const NETWORK = z.object({
  networkId: z.string().refine(isNetworkId, 'not a network id'),
  ruleSet: z.int().min(1).max(0xffff),
  ruleSetId: hash,
  timing: z.object({
    genesisMs: whole,
    slotMs: whole,
    roundMs: whole,
    epochMs: whole,
    clockMarginMs: whole,
    epochGraceMs: whole,
  }),
  validators: z.array(VALIDATOR).min(1).max(64),
});

const ANSWER = NETWORK.extend({ serverTimeMs: whole });

/** The JSON that is pinned: the network's own answer without what changes. */
export type NetworkJson = z.infer<typeof NETWORK>;

/** An answer or a pinned file is not what it should be. */
export class NetworkFactsError extends Error {
  override readonly name = 'NetworkFactsError';
}

/** What `GET /api/v1/network` answered. Throws NetworkFactsError. */
export function parseNetworkAnswer(value: unknown): {
  readonly facts: NetworkFacts;
  readonly json: NetworkJson;
  readonly serverTimeMs: UnixMs;
} {
  const answer = ANSWER.safeParse(value);
  if (!answer.success) throw new NetworkFactsError(z.prettifyError(answer.error));
  const { serverTimeMs } = answer.data;
  const json = NETWORK.parse(answer.data);
  return { facts: factsOf(json), json, serverTimeMs: unixMs(serverTimeMs) };
}

/** What `init` pinned. Throws NetworkFactsError. */
export function parsePinnedNetwork(value: unknown): NetworkFacts {
  const pinned = NETWORK.safeParse(value);
  if (!pinned.success) throw new NetworkFactsError(z.prettifyError(pinned.error));
  return factsOf(pinned.data);
}

function factsOf(json: NetworkJson): NetworkFacts {
  const timing: Timing = { ...json.timing, genesisMs: unixMs(json.timing.genesisMs) };
  const fault = findTimingFault(timing);
  if (fault) throw new NetworkFactsError(`the network's time grid is impossible: ${fault}`);
  for (const { brokerUrl } of json.validators) {
    const problem = findBrokerUrlProblem(brokerUrl);
    if (problem) throw new NetworkFactsError(problem);
  }
  return {
    networkId: json.networkId,
    ruleSet: json.ruleSet,
    ruleSetId: hexToBytes(json.ruleSetId),
    timing,
    validators: json.validators.map(
      ({ id, origin, chainAnchor, firstRound, owner, brokerUrl, needsBrokerSession }) => ({
        id,
        origin,
        brokerUrl,
        needsBrokerSession,
        firstRound,
        logKey: keyOf(id),
        chainAnchor: hexToBytes(chainAnchor),
        owner: hexToBytes(owner.slice(2)),
      }),
    ),
  };
}

function keyOf(id: string): Uint8Array {
  const parsed = parseId(id);
  if (!parsed) throw new NetworkFactsError(`${id} is no id`);
  return parsed.publicKey;
}

/** Login tokens travel to the broker: without TLS only inside this machine. Undefined = the URL may be used. */
function findBrokerUrlProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'mqtt:' && url.protocol !== 'mqtts:') || url.hostname === '') {
    return `${text} is no broker address: it begins with mqtts:// (or, on this machine only, mqtt://).`;
  }
  if (url.protocol === 'mqtts:' || isThisMachine(url.hostname)) return undefined;
  return `${text} is not encrypted: beyond this machine a broker is reached by mqtts:// only. Ask the validator's operator for it.`;
}

/** Whether a URL's host is a loopback address or `localhost`. */
function isThisMachine(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
