import type { Cancel, Clock } from '@sextant/firmware-bridge/clock';
import type { Signer } from '@sextant/firmware-bridge/native-ed25519';
import {
  ANNOUNCED_CERTIFICATES_MAX,
  encodeRoundAnnouncement,
  type RoundCertificate,
  roundAt,
  roundStartMs,
  type Timing,
} from '@sextant/firmware-bridge/protocol';

export interface AnnouncerOptions {
  readonly networkId: string;
  readonly ruleSet: number;
  readonly ruleSetId: Uint8Array;
  readonly timing: Timing;
}

interface AnnouncerModules {
  readonly signer: Signer;
  readonly clock: Clock;
  /** To `round/current`, retained. */
  publish(bytes: Uint8Array): void;
}

/** Tells bridges the certificates they may act on and the validator's time: at each certificate and each round start. */
export interface Announcer {
  certified(certificate: RoundCertificate): void;
  stop(): void;
}

export function createAnnouncer(options: AnnouncerOptions, modules: AnnouncerModules): Announcer {
  const { networkId, ruleSet, ruleSetId, timing } = options;
  const { signer, clock } = modules;
  let certificates: RoundCertificate[] = [];
  let cancel: Cancel | undefined;

  const announce = (): void => {
    const running = roundAt(timing, clock.now());
    certificates = certificates.filter(({ round }) => round >= running).slice(-ANNOUNCED_CERTIFICATES_MAX);
    const announcement = { certificates, ruleSet, ruleSetId, serverTimeMs: clock.now(), timing };
    modules.publish(encodeRoundAnnouncement(networkId, announcement, signer));
  };
  const schedule = (): void => {
    cancel = clock.at(roundStartMs(timing, roundAt(timing, clock.now()) + 1), () => {
      announce();
      schedule();
    });
  };
  announce();
  schedule();

  return {
    certified(certificate) {
      certificates = [...certificates, certificate].toSorted((a, b) => a.round - b.round);
      announce();
    },
    stop: () => cancel?.(),
  };
}
