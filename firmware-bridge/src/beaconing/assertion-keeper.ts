import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { ParticipantKeys } from '../keys/participant-keys.ts';
import type { StoreChange } from '../outbox/durable-store.ts';
import type { OutboxPartition } from '../outbox/partition.ts';
import {
  bytesToHex,
  CHAIN_LENGTH,
  decodeReport,
  encodeReport,
  hexToBytes,
  type LocationAssertion,
  type Report,
  roundAt,
  roundOfSlot,
  slotAt,
  type Timing,
  type UnixMs,
  unixMs,
} from '../protocol/index.ts';

/** What the owner says about place and radio: the assertion without what the bridge adds. */
export type AssertedPlace = Omit<LocationAssertion, 'kind' | 'number' | 'chainAnchor' | 'firstRound'>;

export interface AssertionKeeperModules {
  readonly partition: Pick<OutboxPartition, 'add' | 'findState'>;
  readonly keys: ParticipantKeys;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Rounds between which an assertion comes into force: where in the log it stands is known only that closely. */
interface InForce {
  readonly earliestRound: number;
  readonly latestRound: number;
}

export interface KeptAssertion {
  readonly assertion: LocationAssertion;
  /** Which of the participant's hash chains it anchors, from 1. */
  readonly generation: number;
  /** Absent until it is receipted. */
  readonly inForce?: InForce;
  readonly isRefused: boolean;
}

const PREFIX = 'assertion/';
/** A new chain is anchored when the old one has this many links left, so that its assertion is in force in time. */
const RENEW_AT_LINKS = 1_024;
/** In force two rounds after the slot mark it precedes. */
const DELAY_ROUNDS = 2;

export type AssertionInForce =
  | { readonly ok: true; readonly kept: KeptAssertion }
  | { readonly ok: false; readonly reason: 'no_assertion_in_force' | 'assertion_changing' };

/**
 * A hotspot's location assertions: makes a new one when what the owner says has changed (or the hash chain ends soon),
 * and knows which one is in force in a round, because beacons are derived from that one.
 */
export class AssertionKeeper {
  readonly #timing: Timing;
  readonly #modules: AssertionKeeperModules;
  #kept: readonly KeptAssertion[] = [];

  constructor(timing: Timing, modules: AssertionKeeperModules) {
    this.#timing = timing;
    this.#modules = modules;
  }

  /** Newest last. */
  get assertions(): readonly KeptAssertion[] {
    return this.#kept;
  }

  /** Reads what was asserted before, and asserts `place` if that is something new. Resolves when it is in the outbox. */
  async assert(place: AssertedPlace): Promise<void> {
    const { partition, keys, clock, logger } = this.#modules;
    const stored = await partition.findState(PREFIX);
    this.#kept = stored.map(({ value }) => parseKept(value)).sort((a, b) => a.assertion.number - b.assertion.number);
    const last = this.#kept.at(-1);
    const round = Math.max(0, roundAt(this.#timing, clock.now()));
    const isChainLow = last !== undefined && round - last.assertion.firstRound > CHAIN_LENGTH - RENEW_AT_LINKS;
    if (last && !last.isRefused && !isChainLow && isSamePlace(last.assertion, place)) return;
    const generation = isChainLow ? last.generation + 1 : (last?.generation ?? 1);
    const firstRound = last && !isChainLow ? last.assertion.firstRound : round;
    const chain = place.canTransmit ? { chainAnchor: (await keys.chain(generation)).anchor } : {};
    const number = (last?.assertion.number ?? 0) + 1;
    const assertion: LocationAssertion = { kind: 'location_assertion', number, ...place, ...chain, firstRound };
    const kept = { assertion, generation, isRefused: false };
    this.#kept = [...this.#kept, kept];
    await partition.add([assertion], [{ key: PREFIX + number, value: encodeKept(kept) }]);
    logger.info({ number, cell: place.cell.toString(16) }, 'location asserted');
  }

  /** The assertion a beacon of that round must be derived from. */
  inForce(round: number): AssertionInForce {
    const receipted = this.#kept.flatMap((kept) => (kept.inForce ? [{ kept, ...kept.inForce }] : []));
    if (receipted.some(({ earliestRound, latestRound }) => earliestRound <= round && round < latestRound)) {
      return { ok: false, reason: 'assertion_changing' };
    }
    const newest = receipted.findLast(({ latestRound }) => latestRound <= round);
    return newest ? { ok: true, kept: newest.kept } : { ok: false, reason: 'no_assertion_in_force' };
  }

  /** A batch leaves the outbox: what that means for the assertions in it, as changes for the same write. */
  settled(reports: readonly Report[], sealedAtMs: UnixMs, fate: 'receipted' | 'refused'): readonly StoreChange[] {
    const changes: StoreChange[] = [];
    for (const report of reports) {
      if (report.kind !== 'location_assertion') continue;
      const known = this.#kept.find(({ assertion }) => assertion.number === report.number);
      if (!known) continue;
      const kept: KeptAssertion =
        fate === 'refused' ? { ...known, isRefused: true } : { ...known, inForce: this.#effect(sealedAtMs) };
      this.#kept = this.#kept.map((other) => (other === known ? kept : other));
      changes.push({ key: PREFIX + report.number, value: encodeKept(kept) });
    }
    return changes;
  }

  /** The log took it between the sealing of its batch and now. */
  #effect(sealedAtMs: UnixMs): InForce {
    const roundOf = (atMs: UnixMs): number => {
      const nextMark = Math.max(0, slotAt(this.#timing, unixMs(atMs - this.#timing.clockMarginMs)));
      return roundOfSlot(this.#timing, nextMark) + DELAY_ROUNDS;
    };
    return { earliestRound: roundOf(sealedAtMs), latestRound: roundOf(this.#modules.clock.now()) };
  }
}

/** Compared as the wire would carry it. */
function isSamePlace(assertion: LocationAssertion, place: AssertedPlace): boolean {
  const { chainAnchor, kind, number, firstRound } = assertion;
  const chain = chainAnchor && place.canTransmit ? { chainAnchor } : {};
  const again: LocationAssertion = { kind, number, firstRound, ...place, ...chain };
  return bytesToHex(encodeReport(again)) === bytesToHex(encodeReport(assertion));
}

function encodeKept({ assertion, ...rest }: KeptAssertion): Uint8Array {
  return Buffer.from(JSON.stringify({ ...rest, assertion: bytesToHex(encodeReport(assertion)) }));
}

/** Throws when the bytes are not what `encodeKept` wrote. */
function parseKept(value: Uint8Array): KeptAssertion {
  const parsed = JSON.parse(Buffer.from(value).toString()) as Omit<KeptAssertion, 'assertion'> & { assertion: string };
  const report = decodeReport(hexToBytes(parsed.assertion));
  if (!report.ok || report.value.kind !== 'location_assertion') throw new TypeError('a kept assertion is unreadable');
  return { ...parsed, assertion: report.value };
}
