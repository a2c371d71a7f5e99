import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unixMs } from '../protocol/index.ts';
import { createManualClock } from './manual-clock.ts';
import { createSteeredClock } from './steered-clock.ts';
import { createSystemClock } from './system-clock.ts';
import { TaskQueue } from './task-queue.ts';

describe('the task queue', () => {
  it('gives tasks in the order of time, then of scheduling, whatever is cancelled', () => {
    const plan = fc.array(fc.record({ at: fc.nat(20), cancelled: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(plan, (tasks) => {
        const queue = new TaskQueue();
        const ran: number[] = [];
        const cancels = tasks.map(({ at }, i) => queue.add(unixMs(at), () => void ran.push(i)));
        tasks.forEach(({ cancelled }, i) => {
          if (cancelled) cancels[i]?.();
        });
        for (let due = queue.takeDue(unixMs(20)); due; due = queue.takeDue(unixMs(20))) void due.task();
        const expected = tasks
          .map((task, i) => ({ ...task, i }))
          .filter(({ cancelled }) => !cancelled)
          .sort((a, b) => a.at - b.at || a.i - b.i);
        expect(ran).toEqual(expected.map(({ i }) => i));
      }),
    );
  });
});

describe('a manual clock', () => {
  it('waits for each task before time goes on', async () => {
    const clock = createManualClock(unixMs(0));
    const log: string[] = [];
    clock.at(unixMs(5), async () => {
      await nextTurn();
      log.push(`slow task at ${clock.now()}`);
      clock.at(unixMs(7), () => void log.push(`nested at ${clock.now()}`));
      clock.at(unixMs(1), () => void log.push(`overdue at ${clock.now()}`));
    });
    clock.at(unixMs(6), () => void log.push(`next at ${clock.now()}`));
    await clock.advanceTo(unixMs(10));
    expect(log).toEqual(['slow task at 5', 'overdue at 5', 'next at 6', 'nested at 7']);
    expect(clock.now()).toBe(10);
  });

  it('runs what is overdue without being moved', async () => {
    const clock = createManualClock(unixMs(100));
    const ran = new Promise<number>((resolve) => clock.at(unixMs(50), () => resolve(clock.now())));
    expect(await ran).toBe(100);
  });

  it('does not go back and does not stand still for a task that waits for time', async () => {
    const clock = createManualClock(unixMs(100), 10);
    const reached: number[] = [];
    clock.at(unixMs(110), async () => {
      await new Promise<void>((resolve) => clock.at(unixMs(120), () => resolve()));
      reached.push(clock.now());
    });
    await clock.advanceTo(unixMs(200));
    expect(reached).toEqual([120]);
    await clock.advanceTo(unixMs(150));
    expect(clock.now()).toBe(200);
  });

  it('hands a failure to who moved it, and goes on', async () => {
    const clock = createManualClock(unixMs(0));
    clock.at(unixMs(5), async () => {
      throw new RangeError('bug');
    });
    await expect(clock.advanceTo(unixMs(6))).rejects.toThrow(RangeError);
    await clock.advanceTo(unixMs(7));
    expect(clock.now()).toBe(7);
  });
});

describe('a steered clock', () => {
  it('follows its parent, answers when everything due has run, and ignores other messages', async () => {
    const parent = new EventEmitter();
    const answers: unknown[] = [];
    const channel = {
      on: (event: 'message', listener: (message: unknown) => void) => parent.on(event, listener),
      off: (event: 'message', listener: (message: unknown) => void) => parent.off(event, listener),
      send: (message: unknown) => answers.push(message) > 0,
    };
    const clock = createSteeredClock(channel);
    parent.emit('message', { type: 'clock/advance', to: 1_000 });
    await clock.started;
    expect(clock.now()).toBe(1_000);
    const ranAt: number[] = [];
    clock.at(unixMs(1_500), async () => {
      await nextTurn();
      ranAt.push(clock.now());
    });
    for (const noise of [undefined, 'clock/advance', { type: 'clock/advance' }, { type: 'other', to: 5 }]) {
      parent.emit('message', noise);
    }
    parent.emit('message', { type: 'clock/advance', to: 2_000 });
    await expect.poll(() => answers.length).toBe(2);
    expect(ranAt).toEqual([1_500]);
    expect(answers).toEqual([
      { type: 'clock/advanced', to: 1_000 },
      { type: 'clock/advanced', to: 2_000 },
    ]);
    clock.release();
    expect(parent.listenerCount('message')).toBe(0);
  });
});

describe('the system clock', () => {
  it('runs tasks in order, not before their time, and not when cancelled', async () => {
    const clock = createSystemClock();
    const startMs = clock.now();
    const ran: string[] = [];
    const done = new Promise<void>((resolve) => {
      clock.at(unixMs(startMs + 30), () => {
        ran.push(clock.now() >= startMs + 30 ? 'later' : 'too early');
        resolve();
      });
    });
    const cancel = clock.at(unixMs(startMs + 10), () => void ran.push('cancelled'));
    clock.at(unixMs(startMs + 5), () => void ran.push('sooner'));
    clock.at(unixMs(0), () => void ran.push('overdue'));
    cancel();
    await done;
    expect(ran).toEqual(['overdue', 'sooner', 'later']);
  });
});
