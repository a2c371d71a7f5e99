import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { commandAgeMs } from './command-age.ts';
import { type SignalSource, watchForEnd } from './signals.ts';

describe('signals', () => {
  it('ask once, however often Ctrl-C arrives within a second, and insist after it', async () => {
    const source = new EventEmitter();
    let nowMs = 0;
    let insisted = 0;
    const watch = watchForEnd(
      source as SignalSource,
      () => nowMs,
      () => insisted++,
    );
    source.emit('SIGINT');
    expect(await watch.asked).toBe('SIGINT');
    nowMs = 900;
    source.emit('SIGINT');
    source.emit('SIGTERM');
    expect(insisted).toBe(0);
    nowMs = 1_001;
    source.emit('SIGINT');
    expect(insisted).toBe(1);
    watch.stop();
    expect(source.listenerCount('SIGINT')).toBe(0);
  });
});

describe('the age of the command', () => {
  it('is at least that of this process, and grows', () => {
    const age = commandAgeMs();
    expect(age).toBeGreaterThan(process.uptime() * 1_000 - 50);
    expect(age).toBeLessThan(3_600_000);
    expect(commandAgeMs()).toBeGreaterThanOrEqual(age);
  });
});
