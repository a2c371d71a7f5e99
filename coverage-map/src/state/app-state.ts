import type {
  Bounds,
  CellText,
  EpochListItem,
  EpochView,
  FootprintView,
  HexView,
  HotspotRewardView,
  HotspotSummary,
  HotspotView,
  LocationView,
  NetworkView,
  Page,
  ParticipantId,
  VerdictView,
} from '@sextant/oracle/api';
import type { Connection } from '../api/live-stream.ts';
import type { Theme } from '../layers/palette.ts';
import type { RewardsState } from './rewards-state.ts';
import type { ViewState } from './view-state.ts';

/** Something that is fetched. */
export type Loaded<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: Value }
  | { readonly state: 'failed'; readonly message: string };

export const LOADING = { state: 'loading' } as const;
export const ready = <Value>(value: Value): Loaded<Value> => ({ state: 'ready', value });
export const failed = (error: unknown): Loaded<never> => ({
  state: 'failed',
  message: error instanceof Error ? error.message : 'Something went wrong',
});

export interface HexDetail {
  readonly kind: 'hex';
  readonly cell: CellText;
  readonly hex: Loaded<HexView>;
}

export interface HotspotDetail {
  readonly kind: 'hotspot';
  readonly id: ParticipantId;
  readonly hotspot: Loaded<HotspotView>;
  /** Absent where no epoch has judged its place. */
  readonly location?: Loaded<LocationView>;
  readonly verdicts: Loaded<Page<VerdictView>>;
  readonly rewards: Loaded<Page<HotspotRewardView>>;
  readonly footprint: Loaded<FootprintView>;
}

/** What it shows is in `rewards`. */
export interface OwnerDetail {
  readonly kind: 'owner';
}

export interface AppState {
  readonly view: ViewState;
  /** Of the system; the view may say otherwise. */
  readonly systemTheme: Theme;
  readonly network: Loaded<NetworkView>;
  readonly connection: Connection;
  /** Now, by the oracle's clock. */
  readonly nowMs: number;
  /** Newest first. */
  readonly verdicts: readonly VerdictView[];
  readonly hotspots: ReadonlyMap<ParticipantId, HotspotSummary>;
  /** The view has more hotspots than are fetched at once. */
  readonly hotspotsCut: boolean;
  /** What the map shows; absent until it has been drawn. */
  readonly bounds?: Bounds | undefined;
  readonly epochs: Loaded<Page<EpochListItem>>;
  /** The epoch that is shown, in full. */
  readonly epoch?: Loaded<EpochView> | undefined;
  readonly detail?: HexDetail | HotspotDetail | OwnerDetail | undefined;
  /** Absent until somebody opens that panel. */
  readonly rewards?: RewardsState;
  /** On a narrow screen: is the sheet drawn up? */
  readonly sheetOpen: boolean;
  readonly map: 'loading' | 'ready' | 'unsupported';
  /** The last thing that was copied, to say so. */
  readonly copied: string;
  /** Read out by screen readers when it changes. */
  readonly announcement: string;
}

export const themeOf = ({ view, systemTheme }: Pick<AppState, 'view' | 'systemTheme'>): Theme =>
  view.theme ?? systemTheme;
