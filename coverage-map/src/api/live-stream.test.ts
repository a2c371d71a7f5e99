import { expect, it } from 'vitest';
import { type Connection, type EventSourceLike, LiveStream } from './live-stream.ts';

const OPEN = 1;
const CONNECTING = 0;
const CLOSED = 2;

/** A hand-driven stand-in for the browser's event source and timers. */
function harness() {
  const sources: (EventSourceLike & {
    url: string;
    emit: (type: string, event?: object) => void;
    readyState: number;
  })[] = [];
  const timers: { ms: number; callback: () => void }[] = [];
  const seen: { name: string; data: unknown }[] = [];
  const connections: Connection[] = [];
  const stream = new LiveStream(
    {
      url: '/live',
      onEvent: (name, data) => seen.push({ name, data }),
      onConnection: (connection) => connections.push(connection),
    },
    {
      createEventSource: (url) => {
        const listeners = new Map<string, (event: MessageEvent<string>) => void>();
        const source = {
          url,
          readyState: OPEN,
          addEventListener: (type: string, listener: (event: MessageEvent<string>) => void) => {
            listeners.set(type, listener);
          },
          close: () => {
            source.readyState = CLOSED;
          },
          emit: (type: string, event: object = {}) => listeners.get(type)?.(event as MessageEvent<string>),
        };
        sources.push(source);
        return source;
      },
      setTimeout: (callback, ms) => timers.push({ ms, callback }),
      clearTimeout: () => undefined,
    },
  );
  return { stream, sources, timers, seen, connections };
}

it('hands on events by name', () => {
  const { stream, sources, seen, connections } = harness();
  stream.open();
  sources[0]?.emit('open');
  sources[0]?.emit('round', { data: '{"round":7}', lastEventId: '41' });
  expect(seen).toEqual([{ name: 'round', data: { round: 7 } }]);
  expect(connections).toEqual(['live']);
});

it('leaves reconnecting to the browser while it tries', () => {
  const { stream, sources, timers, connections } = harness();
  stream.open();
  const [source] = sources;
  if (source === undefined) throw new Error('nothing was opened');
  source.readyState = CONNECTING;
  source.emit('error');
  expect(connections).toEqual(['interrupted']);
  expect(timers).toEqual([]);
});

it('resumes behind the last id when the browser has given up, ever more slowly', () => {
  const { stream, sources, timers } = harness();
  stream.open();
  sources[0]?.emit('hex', { data: '{}', lastEventId: 'a/b 7' });
  const waits: number[] = [];
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const source = sources.at(-1);
    if (source === undefined) throw new Error('nothing was opened');
    source.readyState = CLOSED;
    source.emit('error');
    const timer = timers.pop();
    waits.push(timer?.ms ?? 0);
    timer?.callback();
    expect(sources.at(-1)?.url).toBe('/live?after=a%2Fb%207');
  }
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  sources.at(-1)?.emit('open');
  const last = sources.at(-1);
  if (last !== undefined) last.readyState = CLOSED;
  last?.emit('error');
  expect(timers.at(-1)?.ms).toBe(1000);
});

it('does not listen to a connection it has replaced', () => {
  const { stream, sources, connections } = harness();
  stream.open();
  stream.open();
  sources[0]?.emit('error');
  expect(connections).toEqual([]);
  expect(sources[0]?.readyState).toBe(CLOSED);
});
