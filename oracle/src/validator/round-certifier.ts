import type { Cancel, Clock } from '@sextant/firmware-bridge/clock';
import type { Signer } from '@sextant/firmware-bridge/native-ed25519';
import {
  certificateMessage,
  type RoundCertificate,
  roundAt,
  roundEntropy,
  roundStartMs,
  type Timing,
  type UnixMs,
} from '@sextant/firmware-bridge/protocol';
import { type EntropyChain, findEntropyLink } from './entropy-chain.ts';
import type { LogWriter } from './log-writer.ts';
import type { SignRecord } from './record-signer.ts';

export interface RoundCertifierOptions {
  readonly networkId: string;
  readonly ruleSetId: Uint8Array;
  readonly timing: Timing;
  /** The newest certificate in the log, if there is one. */
  readonly latest?: RoundCertificate;
}

interface RoundCertifierModules {
  readonly log: LogWriter<unknown>;
  readonly signer: Signer;
  readonly sign: SignRecord;
  readonly entropy: EntropyChain;
  readonly clock: Clock;
  onCertified(certificate: RoundCertificate): void;
  onFailed(round: number, error: unknown): void;
}

export interface RoundCertifier {
  /** Certifies what is due now, then keeps to the time grid. */
  start(): Promise<void>;
  stop(): void;
  latest(): RoundCertificate | undefined;
}

/** A certificate of a network of one: its only validator reveals, proposes and signs. */
function createCertificate(
  options: RoundCertifierOptions,
  signer: Signer,
  round: number,
  link: Uint8Array,
): RoundCertificate {
  const { networkId, ruleSetId } = options;
  const reveals = [{ validator: signer.publicKey, chainLink: link }];
  const entropy = roundEntropy(networkId, round, reveals);
  const signature = signer.sign(certificateMessage(networkId, { round, ruleSetId, entropy }));
  return {
    kind: 'round_certificate',
    round,
    ruleSetId,
    reveals,
    entropy,
    signatures: [{ validator: signer.publicKey, signature }],
  };
}

/**
 * Certifies each round 2W before it starts, in the log first. A certificate counts only before the mark of the last slot
 * ahead of its round (round start + W): a round that was missed by then stays void.
 */
export function createRoundCertifier(options: RoundCertifierOptions, modules: RoundCertifierModules): RoundCertifier {
  const { timing } = options;
  const { clock } = modules;
  let latest = options.latest;
  let cancel: Cancel | undefined;
  let stopped = false;

  const certify = async (round: number): Promise<void> => {
    const link = findEntropyLink(modules.entropy, round);
    if (!link) throw new Error(`the entropy chain does not reach round ${round}: rotate the validator's chain`);
    const certificate = createCertificate(options, modules.signer, round, link);
    await modules.log.appendRecord(modules.sign(certificate));
    latest = certificate;
    modules.onCertified(certificate);
  };

  /** The first round that can still be certified and is not. */
  const nextRound = (): number => {
    const open = roundAt(timing, (clock.now() - timing.clockMarginMs) as UnixMs) + 1;
    return Math.max(open, 0, (latest?.round ?? -1) + 1);
  };

  const certifyWhatIsDue = async (): Promise<void> => {
    for (let round = nextRound(); leadStartMs(timing, round) <= clock.now(); round = nextRound()) {
      try {
        await certify(round);
      } catch (error) {
        modules.onFailed(round, error);
        return;
      }
    }
  };

  const RETRY_MS = 1_000;
  const schedule = (): void => {
    if (stopped) return;
    const at = Math.max(leadStartMs(timing, nextRound()), clock.now() + RETRY_MS) as UnixMs;
    cancel = clock.at(at, async () => {
      await certifyWhatIsDue();
      schedule();
    });
  };

  return {
    async start() {
      await certifyWhatIsDue();
      schedule();
    },
    stop() {
      stopped = true;
      cancel?.();
    },
    latest: () => latest,
  };
}

function leadStartMs(timing: Timing, round: number): UnixMs {
  return (roundStartMs(timing, round) - 2 * timing.clockMarginMs) as UnixMs;
}
