import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { NetworkFacts } from '../network/network-facts.ts';
import {
  type AnnouncementFault,
  bytesToHex,
  type CertificateFault,
  findCertificateFault,
  openRoundAnnouncement,
  type RoundAnnouncement,
  type RoundCertificate,
  roundAt,
  type Timing,
  type UnixMs,
  type VerifySignature,
} from '../protocol/index.ts';

export interface RoundBookModules {
  readonly clock: Clock;
  readonly verify: VerifySignature;
  readonly logger: Logger;
}

export type RoundRefusal = AnnouncementFault | CertificateFault | 'other_timing' | 'other_certificate';

export interface ClockOffset {
  /** This machine's clock minus the validator's: positive = ahead. Includes the way from the validator, milliseconds. */
  readonly offsetMs: number;
  readonly measuredAtMs: UnixMs;
}

/** Rounds a certificate is kept for after its own. */
const KEEP_ROUNDS = 2;

/**
 * The certificates a bridge may act on: each verified against the validator set pinned at `init`, whoever delivered it.
 * The announcement's time also tells how far off this machine's clock is.
 */
export class RoundBook {
  readonly #facts: NetworkFacts;
  readonly #modules: RoundBookModules;
  readonly #certificates = new Map<number, RoundCertificate>();
  readonly #refusals = new Map<RoundRefusal, number>();
  readonly #listeners: ((certificate: RoundCertificate) => void)[] = [];
  /** Of the last announcement: each participant's session brings the same bytes. */
  #lastDigest = '';
  #offset: ClockOffset | undefined;
  #warnedOfOffset = false;

  constructor(facts: NetworkFacts, modules: RoundBookModules) {
    this.#facts = facts;
    this.#modules = modules;
  }

  /** Calls `listener` with each certificate of the running or a later round, the known ones at once. */
  onCertificate(listener: (certificate: RoundCertificate) => void): void {
    this.#listeners.push(listener);
    for (const certificate of this.#certificates.values()) listener(certificate);
  }

  findCertificate(round: number): RoundCertificate | undefined {
    return this.#certificates.get(round);
  }

  /** Undefined until a fresh announcement has come. */
  get clockOffset(): ClockOffset | undefined {
    return this.#offset;
  }

  get refusals(): ReadonlyMap<RoundRefusal, number> {
    return this.#refusals;
  }

  /** What came on `round/current`; `isRetained`: the broker kept it, so its time says nothing about now. */
  take(bytes: Uint8Array, isRetained: boolean): void {
    const digest = createHash('sha256').update(bytes).digest('base64') + (isRetained ? 'retained' : '');
    if (digest === this.#lastDigest) return;
    const { networkId, validators, timing } = this.#facts;
    const expected = { networkId, validators: validators.map(({ logKey }) => logKey) };
    const opened = openRoundAnnouncement(bytes, expected, this.#modules.verify);
    if (!opened.ok) return this.#refuse(opened.reason);
    this.#lastDigest = digest;
    const { announcement } = opened;
    if (!isSameTiming(announcement.timing, timing)) return this.#refuse('other_timing');
    if (!isRetained) this.#measureClock(announcement);
    for (const certificate of announcement.certificates) this.#consider(certificate);
  }

  #consider(certificate: RoundCertificate): void {
    const { networkId, validators, timing } = this.#facts;
    const running = roundAt(timing, this.#modules.clock.now());
    const known = this.#certificates.get(certificate.round);
    if (known) {
      if (bytesToHex(known.entropy) !== bytesToHex(certificate.entropy)) this.#refuse('other_certificate');
      return;
    }
    if (certificate.round < running) return;
    const fault = findCertificateFault(networkId, certificate, validators, this.#modules.verify);
    if (fault) return this.#refuse(fault);
    this.#certificates.set(certificate.round, certificate);
    for (const round of this.#certificates.keys()) {
      if (round < running - KEEP_ROUNDS) this.#certificates.delete(round);
    }
    this.#modules.logger.debug({ round: certificate.round }, 'round certified');
    for (const listener of this.#listeners) listener(certificate);
  }

  #measureClock({ serverTimeMs }: RoundAnnouncement): void {
    const { clock, logger } = this.#modules;
    const { clockMarginMs } = this.#facts.timing;
    const measuredAtMs = clock.now();
    const offsetMs = measuredAtMs - serverTimeMs;
    this.#offset = { offsetMs, measuredAtMs };
    const isFar = Math.abs(offsetMs) > clockMarginMs / 2;
    if (isFar && !this.#warnedOfOffset) {
      const direction = offsetMs > 0 ? 'ahead of' : 'behind';
      logger.warn(
        { offsetMs },
        `this machine's clock is ${Math.abs(offsetMs)} ms ${direction} the network's: beacons and receptions will not count. ` +
          'Set it by NTP (timedatectl set-ntp true).',
      );
    }
    this.#warnedOfOffset = isFar;
  }

  #refuse(reason: RoundRefusal): void {
    this.#refusals.set(reason, (this.#refusals.get(reason) ?? 0) + 1);
    const { logger } = this.#modules;
    if (reason === 'other_timing') {
      logger.error({ reason }, 'the network announces another time grid than the one pinned at init: run init again');
    } else {
      logger.warn({ reason }, 'ignored a round announcement that does not hold');
    }
  }
}

const TIMING_FIELDS = ['genesisMs', 'slotMs', 'roundMs', 'epochMs', 'clockMarginMs', 'epochGraceMs'] as const;

const isSameTiming = (a: Timing, b: Timing): boolean => TIMING_FIELDS.every((field) => a[field] === b[field]);
