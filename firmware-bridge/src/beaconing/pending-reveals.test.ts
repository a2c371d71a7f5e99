import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../clock.ts';
import type { StoreChange, StoreEntry } from '../outbox/durable-store.ts';
import {
  type BeaconReport,
  ddbm,
  encodeBeaconFrame,
  hertz,
  type Report,
  revealAtMs,
  slotStartMs,
  type Timing,
  type UnixMs,
  unixMs,
} from '../protocol/index.ts';
import { PendingReveals } from './pending-reveals.ts';

const timing: Timing = {
  genesisMs: unixMs(1_700_000_000_000),
  slotMs: 5_000,
  roundMs: 60_000,
  epochMs: 300_000,
  clockMarginMs: 3_000,
  epochGraceMs: 8_000,
};

/** A machine whose time of day is set anew now and then: tasks run when they look due, however wrong that is. */
class JumpyClock implements Clock {
  #nowMs: number = timing.genesisMs;
  #tasks: { readonly atMs: number; readonly task: () => void | Promise<void> }[] = [];

  now(): UnixMs {
    return unixMs(this.#nowMs);
  }

  at(atMs: UnixMs, task: () => void | Promise<void>): () => void {
    const entry = { atMs, task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  }

  /** A timer of Node counts elapsed time: it may fire although the time of day was set back meanwhile. */
  fireAll(): void {
    for (const { task } of this.#tasks.splice(0)) void task();
  }

  set(nowMs: number): void {
    this.#nowMs = nowMs;
  }
}

const report = (round: number): BeaconReport => ({
  kind: 'beacon',
  round,
  chainLink: new Uint8Array(32).fill(1),
  phyPayload: encodeBeaconFrame(new Uint8Array(32).fill(round)),
  frequencyHz: hertz(868_100_000),
  spreadingFactor: 9,
  bandwidthHz: hertz(125_000),
  txPowerRequestedDdbm: ddbm(140),
  gatewayInterface: 'semtech_udp',
  sentAtMs: slotStartMs(timing, round),
});

/** What lies on disk, and what was revealed when. */
class Disk {
  readonly state = new Map<string, Uint8Array>();
  readonly revealed: { readonly report: Report; readonly atMs: number }[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async add(reports: readonly Report[], changes: readonly StoreChange[] = []): Promise<'stored'> {
    for (const { key, value } of changes) {
      if (value === undefined) this.state.delete(key);
      else this.state.set(key, value);
    }
    for (const revealed of reports) this.revealed.push({ report: revealed, atMs: this.#clock.now() });
    return 'stored';
  }

  async findState(prefix: string): Promise<readonly StoreEntry[]> {
    return [...this.state].flatMap(([key, value]) => (key.startsWith(prefix) ? [{ key, value }] : []));
  }
}

function open(clock: Clock, disk: Disk): PendingReveals {
  const logger = pino({ enabled: false });
  return new PendingReveals(timing, { partition: disk, clock, logger, onRevealed: () => undefined });
}

describe('pending reveals', () => {
  type Step =
    | { readonly kind: 'plan' | 'confirm' | 'cancel'; readonly round: number }
    | { readonly kind: 'set'; readonly atMs: number }
    | { readonly kind: 'fire' }
    | { readonly kind: 'restart' };
  const round = fc.nat(8);
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ kind: fc.constantFrom('plan' as const, 'confirm' as const, 'cancel' as const), round }),
    fc.record({ kind: fc.constant('set' as const), atMs: fc.integer({ min: -20_000, max: 80_000 }) }),
    fc.constant({ kind: 'fire' as const }),
    fc.constant({ kind: 'restart' as const }),
  );

  it('never tell a secret before slot end + 2W, whatever the clock does, over any restart, and none twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const clock = new JumpyClock();
        const disk = new Disk(clock);
        let reveals = open(clock, disk);
        const planned = new Set<number>();
        for (const action of steps) {
          if (action.kind === 'set') clock.set(timing.genesisMs + action.atMs);
          else if (action.kind === 'fire') clock.fireAll();
          else if (action.kind === 'restart') {
            reveals.stop();
            reveals = open(clock, disk);
            await reveals.load();
          } else if (action.kind === 'plan' && !planned.has(action.round)) {
            planned.add(action.round);
            await reveals.plan(`beacon-${action.round}`, action.round, report(action.round), []);
          } else if (action.kind === 'confirm') await reveals.confirm(`beacon-${action.round}`, report(action.round));
          else if (action.kind === 'cancel') await reveals.cancel(`beacon-${action.round}`);
        }
        const rounds = disk.revealed.map((entry) => (entry.report as BeaconReport).round);
        for (const [i, { atMs }] of disk.revealed.entries()) {
          expect(atMs).toBeGreaterThanOrEqual(revealAtMs(timing, rounds[i] as number));
        }
        expect(new Set(rounds).size).toBe(rounds.length);
      }),
      { numRuns: 500 },
    );
  });

  it('are told in the end, the overdue ones after a restart too', async () => {
    const clock = new JumpyClock();
    const disk = new Disk(clock);
    const first = open(clock, disk);
    await first.plan('beacon-1', 1, report(1), []);
    await first.plan('beacon-2', 2, report(2), []);
    first.stop();
    clock.set(timing.genesisMs + 1_000_000);
    const second = open(clock, disk);
    await second.load();
    expect(second.count).toBe(2);
    expect(second.isOwn(report(1).phyPayload.slice(3, 7))).toBe(true);
    clock.fireAll();
    expect(disk.revealed.map((entry) => (entry.report as BeaconReport).round)).toEqual([1, 2]);
    expect(disk.state.size).toBe(0);
    expect(second.count).toBe(0);
  });
});
