import { latLngToCell } from 'h3-js';
import { CELL_RESOLUTIONS } from '../config/gateway-config.ts';
import { parseOwnerAddress } from '../config/owner-address.ts';
import { didYouMean } from '../config/suggest.ts';
import { findRegionPlan, REGION_PLAN_NAMES, type RegionPlan } from '../protocol/index.ts';
import { type GatewayEui, parseGatewayEui } from '../radio/gateway-eui.ts';

/** An answer, or why it is none and what would be one. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

const ok = <T>(value: T): Answer<T> => ({ ok: true, value });
const no = (problem: string): Answer<never> => ({ ok: false, problem });

export function parseNetworkUrl(text: string): Answer<string> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return ok(url.origin);
  return no(`"${text}" is no web address: it begins with https://`);
}

export const parseInvitation = (text: string): Answer<string> =>
  text.length > 0 && text.length <= 200 ? ok(text) : no('An invitation code has 1 to 200 characters.');

export function parseOwner(text: string): Answer<Uint8Array> {
  const parsed = parseOwnerAddress(text);
  return parsed.ok ? ok(parsed.address) : parsed;
}

export function parseEui(text: string): Answer<GatewayEui> {
  const eui = parseGatewayEui(text);
  return eui
    ? ok(eui)
    : no(`"${text}" is no gateway ID: 16 hex digits, "gateway_ID" in the packet forwarder's configuration.`);
}

export function parseRegion(text: string): Answer<RegionPlan> {
  const plan = findRegionPlan(text.toUpperCase().replaceAll('-', '_'));
  if (plan) return ok(plan);
  return no(
    `"${text}" is no region plan.${didYouMean(text, REGION_PLAN_NAMES)} Known: ${REGION_PLAN_NAMES.join(', ')}.`,
  );
}

export interface Location {
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
}

export function parseLocation(text: string): Answer<Location> {
  const match = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text);
  const [latitudeDeg, longitudeDeg] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || Math.abs(latitudeDeg) > 90 || Math.abs(longitudeDeg) > 180) {
    return no(`"${text}" is no place: latitude and longitude in degrees, e.g. 49.1951,16.6068`);
  }
  if (latitudeDeg === 0 && longitudeDeg === 0) return no('0,0 is in the ocean: what many receivers say without a fix.');
  return ok({ latitudeDeg, longitudeDeg });
}

/** 15 hex digits. */
export const cellOf = ({ latitudeDeg, longitudeDeg }: Location, resolution: number): string =>
  latLngToCell(latitudeDeg, longitudeDeg, resolution);

export function parseResolution(text: string): Answer<number> {
  const resolution = Number(text);
  return CELL_RESOLUTIONS.includes(resolution)
    ? ok(resolution)
    : no(`Resolution ${text} cannot be asserted: 8, 9 or 10.`);
}

/** A whole number of metres within bounds. */
export function parseMetres(what: string, least: number, most: number): (text: string) => Answer<number> {
  return (text) => {
    const value = Number(text.replace(/\s*m$/, ''));
    if (text.trim() !== '' && Number.isFinite(value) && value >= least && value <= most) return ok(Math.round(value));
    return no(`"${text}" is no ${what}: metres, ${least} to ${most}.`);
  };
}

export function parseGain(text: string): Answer<number> {
  const value = Number(text.replace(/\s*dBi$/i, ''));
  if (text.trim() === '' || !Number.isFinite(value) || value < -10 || value > 15) {
    return no(`"${text}" is no antenna gain: dBi, −10 to 15.`);
  }
  return ok(Math.round(value * 10) / 10);
}

export function parseLevels(text: string): Answer<readonly number[]> {
  const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const areLevels = values.every((value) => Number.isFinite(value) && value >= -30 && value <= 40);
  if (!areLevels || values.length > 32) return no(`"${text}" are no power levels: dBm, e.g. 12,14`);
  return ok([...new Set(values.map((value) => Math.round(value * 10) / 10))].sort((a, b) => a - b));
}

/** What stock gateways of both generations produce, as far as the plan allows it with this antenna, dBm. */
export function defaultLevels(plan: RegionPlan, gainDbi: number): readonly number[] {
  const most = plan.maxEirpDdbm / 10 - gainDbi;
  const legal = [12, 14].filter((level) => level <= most);
  return legal.length > 0 ? legal : [Math.floor(most)];
}
