import { accomplices } from './accomplices.ts';
import type { Attack } from './attack.ts';
import { attenuatorRoom } from './attenuator-room.ts';
import { boughtAnchors } from './bought-anchors.ts';
import { clique } from './clique.ts';
import { forgedFreeSpace } from './forged-free-space.ts';
import { forgedLogDistance } from './forged-log-distance.ts';
import { movedClaim } from './moved-claim.ts';
import { overPower } from './over-power.ts';
import { relayRing } from './relay-ring.ts';
import { replay } from './replay.ts';
import { silentMover } from './silent-mover.ts';
import { sybil } from './sybil.ts';

/** Every way of cheating the benchmark knows, in the order of its table. */
export const ATTACKS: readonly Attack[] = [
  ...[1, 3, 5, 10, 20, 40].map(movedClaim),
  attenuatorRoom,
  relayRing,
  forgedFreeSpace,
  forgedLogDistance,
  replay,
  silentMover,
  overPower,
  sybil,
  ...[5, 15, 50].map(clique),
  accomplices,
  boughtAnchors,
];
