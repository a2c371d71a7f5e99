import type { AddressText, CellText, HashText, ParticipantId } from '@sextant/oracle/api';
import { THEMES, type Theme } from '../layers/palette.ts';

export interface Camera {
  readonly lat: number;
  readonly lng: number;
  readonly zoom: number;
}

export type Selection =
  | { readonly kind: 'hex'; readonly cell: CellText }
  | { readonly kind: 'hotspot'; readonly id: ParticipantId }
  | OwnerSelection;

/** The rewards of an account. */
export interface OwnerSelection {
  readonly kind: 'owner';
  /** Absent = the one the wallet is on. */
  readonly address?: AddressText;
  /** A claim that was sent: hash of its transaction. */
  readonly claim?: HashText;
}

export const LISTS = ['live', 'hotspots', 'epochs'] as const;
export type ListName = (typeof LISTS)[number];

/** What a visitor looks at. It lives in the URL and nowhere else: a link or a reload shows the same. */
export interface ViewState {
  /** Absent = everything there is. */
  readonly camera?: Camera;
  readonly selection?: Selection;
  /** Absent = live. */
  readonly epoch?: number;
  readonly list: ListName;
  /** Absent = as the system has it. */
  readonly theme?: Theme;
}

const CELL = /^8[0-9a-f]{14}$/;
const HOTSPOT_ID = /^hs1[02-9ac-hj-np-z]{6,90}$/;
const ADDRESS = /^0x[0-9a-f]{40}$/;
const HASH = /^[0-9a-f]{64}$/;
const EPOCH = /^(0|[1-9]\d{0,8})$/;
const CAMERA = /^(-?\d{1,2}(?:\.\d{1,8})?),(-?\d{1,3}(?:\.\d{1,8})?),(\d{1,2}(?:\.\d{1,4})?)$/;

/** What of the query can be read; the rest is as if it were not there. */
export function parseView(query: string): ViewState {
  const parameters = new URLSearchParams(query);
  const camera = parseCamera(parameters.get('at') ?? '');
  const selection = parseSelection(parameters);
  const epoch = parameters.get('epoch') ?? '';
  const theme = THEMES.find((name) => name === parameters.get('theme'));
  return {
    ...(camera === undefined ? {} : { camera }),
    ...(selection === undefined ? {} : { selection }),
    ...(EPOCH.test(epoch) ? { epoch: Number(epoch) } : {}),
    list: LISTS.find((name) => name === parameters.get('list')) ?? 'live',
    ...(theme === undefined ? {} : { theme }),
  };
}

/** The query that `parseView` reads back; empty for the plain view. */
export function formatView(view: ViewState): string {
  const parts: string[] = [];
  if (view.camera !== undefined) parts.push(`at=${formatCamera(view.camera)}`);
  if (view.epoch !== undefined) parts.push(`epoch=${view.epoch}`);
  if (view.selection?.kind === 'hex') parts.push(`hex=${view.selection.cell}`);
  if (view.selection?.kind === 'hotspot') parts.push(`hotspot=${view.selection.id}`);
  if (view.selection?.kind === 'owner') parts.push(formatOwner(view.selection));
  if (view.list !== 'live') parts.push(`list=${view.list}`);
  if (view.theme !== undefined) parts.push(`theme=${view.theme}`);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function parseSelection(parameters: URLSearchParams): Selection | undefined {
  const cell = parameters.get('hex') ?? '';
  if (CELL.test(cell)) return { kind: 'hex', cell };
  const id = parameters.get('hotspot') ?? '';
  if (HOTSPOT_ID.test(id)) return { kind: 'hotspot', id };
  const owner = parameters.get('owner');
  if (owner === null) return undefined;
  const address = owner.toLowerCase();
  const claim = parameters.get('claim') ?? '';
  return {
    kind: 'owner',
    ...(ADDRESS.test(address) ? { address } : {}),
    ...(HASH.test(claim) ? { claim } : {}),
  };
}

const formatOwner = ({ address = 'wallet', claim }: OwnerSelection): string =>
  `owner=${address}${claim === undefined ? '' : `&claim=${claim}`}`;

function parseCamera(text: string): Camera | undefined {
  const [, lat, lng, zoom] = CAMERA.exec(text) ?? [];
  if (lat === undefined || lng === undefined || zoom === undefined) return undefined;
  const camera = { lat: Number(lat), lng: Number(lng), zoom: Number(zoom) };
  return Math.abs(camera.lat) <= 90 && Math.abs(camera.lng) <= 180 && camera.zoom <= 22 ? camera : undefined;
}

/** Five decimals are a metre. */
const formatCamera = ({ lat, lng, zoom }: Camera): string =>
  `${shortest(lat, 5)},${shortest(wrapLongitude(lng), 5)},${shortest(zoom, 2)}`;

const shortest = (value: number, digits: number): string => String(Number(value.toFixed(digits)));

const wrapLongitude = (lng: number): number => lng - 360 * Math.round(lng / 360);
