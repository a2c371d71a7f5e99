import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import { cellToLatLng } from 'h3-js';
import type { Bounds, HexCounts, LiveRound, NetworkView, RoundState } from '../../api/index.ts';
import { countHexes, countParticipants, findLatestEpoch, findRoundState, listAreas } from '../../store/index.ts';
import type { NetworkFacts } from '../http-server-modules.ts';
import { circleRadiusDegrees } from '../tiles/cells-near.ts';
import { memo } from './memo.ts';
import { activeSinceMs, epochNow, roundNow, type ViewContext } from './view-context.ts';

/** Everyone asks for these first, and they cost a pass over a table. */
const COUNTS_MS = 1_000;
const AREAS_MS = 10_000;
const AREA_RESOLUTION = 7;

export interface NetworkViews {
  network(): Promise<NetworkView>;
  hexes(): Promise<HexCounts>;
  /** `state` when it is known better than the database knows it yet. */
  round(state?: RoundState): Promise<LiveRound>;
}

export function createNetworkViews(facts: NetworkFacts, context: ViewContext): NetworkViews {
  const { db, clock } = context;
  const participants = memo(COUNTS_MS, clock, () => countParticipants(db, roundNow(context), activeSinceMs(context)));
  const hexes = memo(COUNTS_MS, clock, () => countHexes(db, context.liveWindow()));
  const bounds = memo(AREAS_MS, clock, async () => boundsOf(await listAreas(db, context.liveWindow())));
  const roundState = async (index: number): Promise<RoundState> => (index < 0 ? 'pending' : findRoundState(db, index));
  return {
    hexes,
    async round(state) {
      const round = roundNow(context);
      const { hotspots, hotspotsActive } = await participants();
      return {
        round,
        epoch: epochNow(context),
        state: state ?? (await roundState(round)),
        serverTimeMs: clock.now(),
        hotspots,
        hotspotsActive,
      };
    },
    async network() {
      const index = roundNow(context);
      const latest = await findLatestEpoch(db);
      const box = await bounds();
      const { networkId, ruleSet, ruleSetId, timing, validators } = facts;
      return {
        networkId,
        ruleSet,
        ruleSetId: bytesToHex(ruleSetId),
        serverTimeMs: clock.now(),
        timing,
        validators,
        round: { index, state: await roundState(index) },
        epoch: epochNow(context),
        ...(latest === undefined ? {} : { latestClosedEpoch: latest.epoch }),
        ...(await participants()),
        hexes: await hexes(),
        ...(box === undefined ? {} : { bounds: box }),
      };
    },
  };
}

/** The smallest box round hexagons of resolution 7: it leaves out the widest gap between their longitudes. */
export function boundsOf(areas: readonly bigint[]): Bounds | undefined {
  if (areas.length === 0) return undefined;
  const centres = areas.map((area) => cellToLatLng(area.toString(16)));
  const margin = circleRadiusDegrees(AREA_RESOLUTION);
  let south = 90;
  let north = -90;
  for (const [lat] of centres) {
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  }
  const [west, east] = spanOf(centres.map(([, lng]) => lng));
  const sideways = margin / Math.max(0.05, Math.cos((Math.max(Math.abs(south), Math.abs(north)) * Math.PI) / 180));
  return [
    rounded(wrapped(west - sideways)),
    rounded(Math.max(-90, south - margin)),
    rounded(wrapped(east + sideways)),
    rounded(Math.min(90, north + margin)),
  ];
}

/** From the longitude behind the widest gap to the one before it. */
function spanOf(longitudes: readonly number[]): readonly [west: number, east: number] {
  const sorted = longitudes.toSorted((a, b) => a - b);
  const first = sorted[0] ?? 0;
  const last = sorted.at(-1) ?? 0;
  let span: readonly [number, number] = [first, last];
  let widest = first + 360 - last;
  for (const [i, west] of sorted.entries()) {
    const east = sorted[i - 1];
    if (east === undefined || west - east <= widest) continue;
    widest = west - east;
    span = [west, east];
  }
  return span;
}

const wrapped = (lng: number): number => (lng > 180 ? lng - 360 : lng < -180 ? lng + 360 : lng);
const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;
