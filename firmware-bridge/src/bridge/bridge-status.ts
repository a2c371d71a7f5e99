import type { AirtimeUsage } from '../beaconing/airtime-usage.ts';
import type { BeaconDiaryStatus } from '../beaconing/beacon-diary.ts';
import type { WitnessCounts } from '../beaconing/witness-reporter.ts';
import type { DeliveryCounts } from '../mqtt/delivery.ts';
import type { MqttSessionStatus } from '../mqtt/mqtt-session.ts';
import type { KindCounts } from '../outbox/outbox-counts.ts';
import type { PartitionStatus } from '../outbox/partition.ts';
import type { AdmissionReason, ParticipantKind, RegionPlanName, UnixMs } from '../protocol/index.ts';
import type { FrameLogStatus } from './frame-log.ts';
import type { VerdictLogStatus } from './verdict-log.ts';

interface DeadLetterLine {
  readonly reason: AdmissionReason;
  readonly refusedAtMs: UnixMs;
  readonly reports: KindCounts;
}

export interface ParticipantStatus {
  readonly id: string;
  readonly name: string;
  readonly kind: ParticipantKind;
  readonly eui: string;
  readonly regionPlan: RegionPlanName;
  /** The asserted cell, of a hotspot. */
  readonly cell?: string;
  readonly gateway: {
    readonly connected: boolean;
    readonly lastSeenMs?: UnixMs;
    readonly canTransmit?: boolean;
    readonly powerLevelsDdbm: readonly number[];
  };
  /** Things about this gateway that an owner should act on, in words. */
  readonly warnings: readonly string[];
  readonly sessions: readonly MqttSessionStatus[];
  readonly frames: FrameLogStatus;
  readonly witness: WitnessCounts;
  readonly transmissions: BeaconDiaryStatus;
  readonly pendingReveals: number;
  /** How the newest location claim (hotspot) or chain anchor (survey device) stands, in words. */
  readonly standing: string;
  readonly airtime: readonly AirtimeUsage[];
  readonly outbox: PartitionStatus;
  readonly delivery: DeliveryCounts;
  readonly deadLetters: readonly DeadLetterLine[];
  readonly verdicts: VerdictLogStatus;
}

/** What `sextant-bridge status --json` prints, and `{ type: 'bridge/status' }` answers. */
export interface BridgeStatus {
  readonly networkId: string;
  readonly startedAtMs: UnixMs;
  readonly nowMs: UnixMs;
  readonly round: { readonly running: number; readonly isCertified: boolean };
  /** This machine's clock minus the network's; absent until measured. */
  readonly clockOffset?: { readonly offsetMs: number; readonly measuredAtMs: UnixMs };
  /** Round announcements and certificates that did not hold, by reason. */
  readonly refusedAnnouncements: Readonly<Record<string, number>>;
  /** Why the disk takes nothing; absent when all is well. */
  readonly storageProblem?: string;
  /** The newest epoch the network has summed up, when it has said so. */
  readonly latestEpoch?: number;
  readonly participants: readonly ParticipantStatus[];
}
