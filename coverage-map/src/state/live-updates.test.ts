import type { EpochListItem, HotspotSummary, HotspotView, NetworkView, VerdictView } from '@sextant/oracle/api';
import { describe, expect, it } from 'vitest';
import { type AppState, LOADING, ready } from './app-state.ts';
import { liveUpdate } from './live-updates.ts';

const empty: AppState = {
  view: { list: 'live' },
  systemTheme: 'dark',
  network: LOADING,
  connection: 'live',
  nowMs: 0,
  verdicts: [],
  hotspots: new Map(),
  hotspotsCut: false,
  epochs: LOADING,
  sheetOpen: true,
  map: 'ready',
  copied: '',
  announcement: '',
};

const verdict = (reportId: string, change: Partial<VerdictView> = {}): VerdictView => ({
  reportId,
  subject: 'witness',
  outcome: 'valid',
  reason: 'none',
  checks: [],
  reporter: { id: 'hs1a', name: 'a' },
  sender: { id: 'hs1b', name: 'b' },
  round: 1,
  epoch: 0,
  final: false,
  atMs: 0,
  ...change,
});

const detailOf = (id: string): AppState['detail'] => ({
  kind: 'hotspot',
  id,
  hotspot: ready({ id, name: 'old', status: 'silent', owner: '0x' } as HotspotView),
  verdicts: ready({ items: [verdict('old')], next: '20' }),
  rewards: LOADING,
  footprint: LOADING,
});

describe('a verdict', () => {
  it('comes first and takes the place of an earlier one on the same report', () => {
    const state = { ...empty, verdicts: [verdict('x'), verdict('y')] };
    const { verdicts } = liveUpdate(state, 'verdict', verdict('y', { outcome: 'invalid', reason: 'too_loud' }));
    expect(verdicts?.map(({ reportId, outcome }) => [reportId, outcome])).toEqual([
      ['y', 'invalid'],
      ['x', 'valid'],
    ]);
  });

  it('does not let the list grow for ever', () => {
    const state = { ...empty, verdicts: Array.from({ length: 60 }, (_, index) => verdict(String(index))) };
    expect(liveUpdate(state, 'verdict', verdict('new')).verdicts).toHaveLength(60);
  });

  it.each(['hs1a', 'hs1b'])('reaches the panel of %s, who sent or heard it', (id) => {
    const { detail } = liveUpdate({ ...empty, detail: detailOf(id) }, 'verdict', verdict('new'));
    expect(detail).toMatchObject({
      verdicts: { value: { items: [{ reportId: 'new' }, { reportId: 'old' }], next: '20' } },
    });
  });

  it('leaves the panel of somebody else alone', () => {
    expect(liveUpdate({ ...empty, detail: detailOf('hs1c') }, 'verdict', verdict('new'))).not.toHaveProperty('detail');
  });
});

it('a hotspot changes on the map and in its panel, which keeps what the event does not tell', () => {
  const summary = { id: 'hs1a', name: 'new', status: 'active', boundary: [] } as unknown as HotspotSummary;
  const change = liveUpdate({ ...empty, detail: detailOf('hs1a') }, 'hotspot', summary);
  expect(change.hotspots?.get('hs1a')).toBe(summary);
  expect(change.detail).toMatchObject({ hotspot: { value: { name: 'new', status: 'active', owner: '0x' } } });
});

it('an epoch is listed once, newest first', () => {
  const item = (epoch: number): EpochListItem => ({ epoch }) as EpochListItem;
  const state = { ...empty, epochs: ready({ items: [item(4), item(3)] }) };
  const change = liveUpdate({ ...state, network: ready({ epoch: 5 } as NetworkView) }, 'epoch', item(5));
  expect(change.epochs).toMatchObject({ value: { items: [{ epoch: 5 }, { epoch: 4 }, { epoch: 3 }] } });
  expect(change.network).toMatchObject({ value: { epoch: 5, latestClosedEpoch: 5 } });
  expect(liveUpdate(state, 'epoch', item(4)).epochs).toMatchObject({ value: { items: [{ epoch: 4 }, { epoch: 3 }] } });
});

it('what has not been fetched yet is not made up from events', () => {
  expect(liveUpdate(empty, 'epoch', { epoch: 1 } as EpochListItem)).toEqual({ epochs: LOADING, network: LOADING });
  expect(liveUpdate(empty, 'reset', {})).toEqual({});
});
