import { createHash } from 'node:crypto';
import type {
  Bounds,
  EpochListItem,
  EpochView,
  FootprintView,
  HexView,
  HotspotRewardView,
  HotspotSummary,
  HotspotView,
  LocationView,
  NetworkView,
  OutcomeCounts,
  VerdictView,
} from '@sextant/oracle/api';
import { cellBoundary } from '@sextant/oracle/tiles';
import { cellToLatLng, cellToParent, getResolution } from 'h3-js';
import { fixtureLocation } from './fixture-location.ts';
import type { FixtureHex, FixtureHotspot, FixtureWorld } from './fixture-world.ts';

const EPOCH_MS = 300_000;
const ROUND_MS = 60_000;
const CLOSED_EPOCHS = 12;

const hashText = (text: string): string => createHash('sha256').update(text).digest('hex');
const boundaryOf = (cell: string): HexView['boundary'] => cellBoundary(BigInt(`0x${cell}`));
const tokens = (amount: number): string => `${Math.round(amount * 1e6)}000000000000`;
const sum = (a: OutcomeCounts, b: OutcomeCounts): OutcomeCounts => ({
  valid: a.valid + b.valid,
  invalid: a.invalid + b.invalid,
  insufficient: a.insufficient + b.insufficient,
});

/** Answers of the public API made up from a fixture world. */
export class FixtureApi {
  readonly world: FixtureWorld;
  readonly nowMs: () => number;
  readonly #startMs: number;

  constructor(options: { readonly world: FixtureWorld }, modules: { readonly nowMs: () => number }) {
    this.world = options.world;
    this.nowMs = modules.nowMs;
    this.#startMs = modules.nowMs() - Math.round((CLOSED_EPOCHS + 0.4) * EPOCH_MS);
  }

  /** Hexagons known when the epoch closed. */
  knownHexes(epoch: number | undefined): number {
    const all = this.world.hexes.length;
    return epoch === undefined ? all : Math.round((all * (epoch + 1)) / (CLOSED_EPOCHS + 1));
  }

  hexCounts(epoch: number | undefined): NetworkView['hexes'] {
    const known = this.world.hexes.slice(0, this.knownHexes(epoch));
    const covered = known.filter(({ heardBy }) => heardBy.length > 0).length;
    return { covered, surveyedNotCovered: known.length - covered };
  }

  network(): NetworkView {
    const nowMs = this.nowMs();
    const centres = this.world.hexes.map(({ cell }) => cellToLatLng(cell));
    const lats = centres.map(([lat]) => lat);
    const lngs = centres.map(([, lng]) => lng);
    return {
      networkId: 'fixture',
      ruleSet: 1,
      ruleSetId: hashText('rules'),
      serverTimeMs: nowMs,
      timing: {
        genesisMs: this.#startMs,
        slotMs: 5000,
        roundMs: ROUND_MS,
        epochMs: EPOCH_MS,
        clockMarginMs: 3000,
        epochGraceMs: 8000,
      },
      round: { index: Math.floor((nowMs - this.#startMs) / ROUND_MS), state: 'certified' },
      epoch: Math.floor((nowMs - this.#startMs) / EPOCH_MS),
      latestClosedEpoch: CLOSED_EPOCHS - 1,
      hotspots: this.world.hotspots.length,
      hotspotsActive: this.world.hotspots.filter(({ status }) => status === 'active').length,
      surveyDevices: 6,
      validators: [],
      hexes: this.hexCounts(undefined),
      bounds: [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)],
    };
  }

  hotspots([west, south, east, north]: Bounds): HotspotSummary[] {
    const inside = this.world.hotspots.filter(
      ({ centre: [lat, lng] }) => lat >= south && lat <= north && lng >= west && lng <= east,
    );
    return inside.map((hotspot) => this.hotspotSummary(hotspot));
  }

  hotspotSummary({ id, name, cell, status, cheats }: FixtureHotspot): HotspotSummary {
    const { beacons, witnessReports } = outcomesOf(cheats);
    return {
      id,
      name,
      cell,
      boundary: boundaryOf(cell),
      status,
      outcomes: sum(beacons, witnessReports),
      lastReportMs: this.nowMs() - (status === 'active' ? 21_000 : 7_300_000),
    };
  }

  findHotspot(id: string): FixtureHotspot | undefined {
    return this.world.hotspots.find((hotspot) => hotspot.id === id);
  }

  hotspot(hotspot: FixtureHotspot): HotspotView {
    const { beacons, witnessReports } = outcomesOf(hotspot.cheats);
    const place = this.location(hotspot);
    return {
      ...this.hotspotSummary(hotspot),
      owner: `0x${hashText(hotspot.id).slice(0, 40)}`,
      assertion: {
        number: 1,
        firstRound: 4,
        antennaAglM: 12,
        altitudeMslM: 280,
        antennaGainDdbi: 58,
        regionPlan: 'EU868',
        canTransmit: true,
      },
      beacons,
      witnessReports,
      location: { outcome: place.outcome, reason: place.reason, trust: place.trust },
      paid: tokens(hotspot.cheats ? 3.2 : 148.0274),
      held: hotspot.cheats ? tokens(1.11) : '0',
    };
  }

  verdicts(hotspot: FixtureHotspot): VerdictView[] {
    const others = this.world.hotspots.filter((other) => other !== hotspot);
    return Array.from({ length: 46 }, (_, index) => {
      const other = others[(index * 7) % others.length] ?? hotspot;
      return fixtureVerdict({ index, hotspot, other, nowMs: this.nowMs(), round: this.network().round.index });
    });
  }

  rewards({ cheats }: FixtureHotspot): HotspotRewardView[] {
    return Array.from({ length: CLOSED_EPOCHS }, (_, back) => {
      const epoch = CLOSED_EPOCHS - 1 - back;
      const share = cheats ? 0.4 : 7 + ((epoch * 5) % 9);
      const line = { shares: '5400', held: false, densityScale: 10_000 };
      return {
        epoch,
        paid: tokens(share),
        held: '0',
        lines: [
          { ...line, rewardClass: 'beaconer' as const, amount: tokens(share * 0.3), count: 5 },
          { ...line, rewardClass: 'witness' as const, amount: tokens(share * 0.7), count: 61, densityScale: 7500 },
        ],
      };
    });
  }

  location(hotspot: FixtureHotspot): LocationView {
    return fixtureLocation(hotspot, this.world, CLOSED_EPOCHS - 1);
  }

  footprint(hotspot: FixtureHotspot): FootprintView {
    const cells = this.world.hexes.flatMap(({ cell, heardBy }) => {
      const heard = heardBy.find((each) => each.hotspot === hotspot);
      return heard === undefined ? [] : [{ cell, boundary: boundaryOf(cell), bestEspDdbm: heard.espDdbm, links: 3 }];
    });
    return { hotspot: { id: hotspot.id, name: hotspot.name }, cells };
  }

  hex(cell: string, epoch: number | undefined): HexView {
    const resolution = getResolution(cell);
    const known = this.world.hexes.slice(0, this.knownHexes(epoch));
    const inside = known.filter((hex) => hex.cell === cell || cellToParent(hex.cell, resolution) === cell);
    const best = new Map<FixtureHotspot, FixtureHex['heardBy'][number]>();
    for (const heard of inside.flatMap(({ heardBy }) => heardBy)) {
      if (heard.espDdbm > (best.get(heard.hotspot)?.espDdbm ?? -9999)) best.set(heard.hotspot, heard);
    }
    const heardBy = [...best.values()].sort((a, b) => b.espDdbm - a.espDdbm);
    const covered = inside.filter((hex) => hex.heardBy.length > 0).length;
    const [loudest] = heardBy;
    return {
      cell,
      resolution,
      boundary: boundaryOf(cell),
      ...(epoch === undefined ? {} : { epoch }),
      state: covered > 0 ? 'covered' : inside.length > 0 ? 'surveyed_not_covered' : 'unknown',
      ...(loudest === undefined ? {} : { bestEspDdbm: loudest.espDdbm, bestSnrDdb: 74 }),
      links: heardBy.length * 4,
      witnesses: heardBy.length,
      surveyTransmissions: inside.length * 5,
      lastSeenMs: this.nowMs() - 95_000,
      cells: { covered, surveyedNotCovered: inside.length - covered },
      heardBy: heardBy.slice(0, 50).map(({ hotspot, espDdbm, distanceM }) => ({
        id: hotspot.id,
        name: hotspot.name,
        cell: hotspot.cell,
        boundary: boundaryOf(hotspot.cell),
        bestEspDdbm: espDdbm,
        bestSnrDdb: Math.round((espDdbm + 1200) / 2),
        links: 4,
        distanceM,
        lastSeenMs: this.nowMs() - 95_000,
      })),
    };
  }

  epochs(): EpochListItem[] {
    return Array.from({ length: CLOSED_EPOCHS }, (_, back) => this.epochItem(CLOSED_EPOCHS - 1 - back));
  }

  epochItem(epoch: number): EpochListItem {
    const names = ['inputs', 'verdicts', 'coverage', 'rewards', 'owners', 'state'] as const;
    const roots = Object.fromEntries(names.map((name) => [name, hashText(`${name} ${epoch}`)]));
    return {
      epoch,
      startMs: this.#startMs + epoch * EPOCH_MS,
      endMs: this.#startMs + (epoch + 1) * EPOCH_MS,
      ruleSet: 1,
      total: tokens(640.25 + epoch * 3.1),
      unminted: tokens(54.19),
      hotspotsPaid: 47 + (epoch % 5),
      hexes: this.hexCounts(epoch),
      outcomes: { valid: 2900 + epoch * 31, invalid: 160, insufficient: 410 },
      roots: roots as EpochListItem['roots'],
      summaryHash: hashText(`summary ${epoch}`),
    };
  }

  epoch(epoch: number): EpochView {
    return {
      ...this.epochItem(epoch),
      attempt: 0,
      ruleSetId: hashText('rules'),
      coreVersion: '1.0.0',
      cut: [{ origin: 'fixture/log', size: 9000 * (epoch + 1), root: hashText(`log ${epoch}`) }],
      voidRounds: epoch === 7 ? [37] : [],
      byReason: {
        too_near: 302,
        commitment_mismatch: 96,
        too_loud: 51,
        clock: 41,
        after_slot_closed: 67,
        beyond_horizon: 13,
      },
      held: '0',
      byClass: { validator: tokens(48.6), beaconer: tokens(119), witness: tokens(322.4), survey: tokens(150.25) },
    };
  }
}

const outcomesOf = (cheats: boolean): { beacons: OutcomeCounts; witnessReports: OutcomeCounts } =>
  cheats
    ? { beacons: { valid: 2, invalid: 9, insufficient: 1 }, witnessReports: { valid: 4, invalid: 31, insufficient: 8 } }
    : {
        beacons: { valid: 11, invalid: 0, insufficient: 1 },
        witnessReports: { valid: 87, invalid: 1, insufficient: 12 },
      };

export interface FixtureVerdictOptions {
  readonly index: number;
  readonly hotspot: FixtureHotspot;
  readonly other: FixtureHotspot;
  readonly nowMs: number;
  readonly round: number;
}

/** Every fourth a beacon of the hotspot, the others witness reports, some of them refused. */
export function fixtureVerdict({ index, hotspot, other, nowMs, round }: FixtureVerdictOptions): VerdictView {
  const base = {
    reportId: hashText(`${hotspot.id} ${other.id} ${index} ${round}`),
    round: round - Math.floor(index / 4),
    epoch: CLOSED_EPOCHS,
    final: index > 12,
    atMs: nowMs - 14_000 * (index + 1),
  };
  const sender = { id: other.id, name: other.name };
  const reporter = { id: hotspot.id, name: hotspot.name };
  if (index % 4 === 0) {
    const heardBy = { valid: 6, invalid: 1, insufficient: 2 };
    const checks = [
      { check: 'known_key', unit: 'count' as const },
      { check: 'derived_power_step', observed: 140, limit: 140, margin: 0, unit: 'ddBm' as const },
      { check: 'power_within_plan', observed: 198, limit: 160, margin: -38, unit: 'ddBm' as const },
    ];
    if (hotspot.cheats)
      return { ...base, subject: 'beacon', outcome: 'invalid', reason: 'power_above_plan', checks, reporter, heardBy };
    return {
      ...base,
      subject: 'beacon',
      outcome: 'valid',
      reason: 'none',
      checks: checks.slice(0, 2),
      reporter,
      heardBy,
    };
  }
  const distance = { check: 'within_horizon', observed: 6_400, limit: 41_000, margin: 34_600, unit: 'm' as const };
  const frequency = { check: 'heard_frequency', observed: 4_200, limit: 100_000, margin: 95_800, unit: 'Hz' as const };
  const common = { ...base, subject: 'witness' as const, reporter, sender, distanceM: 6_400, espDdbm: -1043 };
  if (hotspot.cheats || index % 9 === 5) {
    const checks = [
      distance,
      frequency,
      { check: 'not_too_loud', observed: -612, limit: -775, margin: -163, unit: 'ddBm' as const },
    ];
    return { ...common, outcome: 'invalid', reason: 'too_loud', checks };
  }
  if (index % 7 === 3) {
    const checks = [{ check: 'far_enough', observed: 412, limit: 700, margin: -288, unit: 'm' as const }];
    return { ...common, outcome: 'insufficient', reason: 'too_near', checks, distanceM: 412 };
  }
  const checks = [
    distance,
    frequency,
    { check: 'not_too_loud', observed: -1043, limit: -775, margin: 268, unit: 'ddBm' as const },
  ];
  return { ...common, outcome: 'valid', reason: 'none', checks };
}
