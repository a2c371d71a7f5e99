import type { Clock } from '@sextant/firmware-bridge/clock';
import {
  epochAt,
  formatId,
  nameOfKey,
  type ParticipantKind,
  roundAt,
  roundStartMs,
  type Timing,
} from '@sextant/firmware-bridge/protocol';
import type { Kysely } from 'kysely';
import type { ParticipantRef } from '../../api/index.ts';
import type { RuleSet2 } from '../../core/ruleset/index.ts';
import type { CoverageWindow, Schema } from '../../store/index.ts';
import type { ParticipantDirectory } from '../http-server-modules.ts';

/** What every view is made with. */
export interface ViewContext {
  readonly db: Kysely<Schema>;
  readonly clock: Clock;
  readonly timing: Timing;
  /** How accusations decay; absent where the rule set knows none. */
  readonly accusationNumbers?: Pick<RuleSet2, 'accusation'>;
  readonly participants: ParticipantDirectory;
  /** What "live" means now. */
  readonly liveWindow: () => CoverageWindow;
}

/** Unknown keys are shown as hotspots: only reports of known ones are in the log. */
export function participantRef({ participants }: ViewContext, key: Uint8Array, kind?: ParticipantKind): ParticipantRef {
  return { id: formatId(kind ?? participants.find(key)?.kind ?? 'hotspot', key), name: nameOfKey(key) };
}

const ACTIVE_ROUNDS = 2;

export const roundNow = ({ timing, clock }: ViewContext): number => roundAt(timing, clock.now());
export const epochNow = ({ timing, clock }: ViewContext): number => epochAt(timing, clock.now());
/** A hotspot is active when it was heard from since the round before the last one began. */
export const activeSinceMs = (context: ViewContext): number =>
  roundStartMs(context.timing, roundNow(context) - ACTIVE_ROUNDS);

/** Keys of maps: 32 bytes as text. */
export const nameOf = (key: Uint8Array): string =>
  Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
