import { isNetworkId } from './domain.ts';
import { parseId } from './ids.ts';

const ROOT = 'sextant/v1';
const HOTSPOT_TOPICS = ['report', 'receipt', 'verdict'] as const;
export type HotspotTopicKind = (typeof HOTSPOT_TOPICS)[number];

export const reportTopic = (networkId: string, hotspotId: string): string => `${ROOT}/${networkId}/report/${hotspotId}`;
export const receiptTopic = (networkId: string, hotspotId: string): string =>
  `${ROOT}/${networkId}/receipt/${hotspotId}`;
export const verdictTopic = (networkId: string, hotspotId: string): string =>
  `${ROOT}/${networkId}/verdict/${hotspotId}`;
/** Retained: the newest round certificate. */
export const roundTopic = (networkId: string): string => `${ROOT}/${networkId}/round/current`;
/** Retained: the newest signed epoch summary. */
export const epochTopic = (networkId: string): string => `${ROOT}/${networkId}/epoch/latest`;

export type ParsedTopic =
  | { readonly kind: HotspotTopicKind; readonly networkId: string; readonly hotspotId: string }
  | { readonly kind: 'round' | 'epoch'; readonly networkId: string };

/** Reads a topic name (not a filter); undefined for anything that is not one of ours. */
export function parseTopic(topic: string): ParsedTopic | undefined {
  if (topic.length > 160) return undefined;
  const [sextant, version, networkId, kind, rest, ...more] = topic.split('/');
  if (`${sextant}/${version}` !== ROOT || more.length > 0) return undefined;
  if (networkId === undefined || !isNetworkId(networkId) || rest === undefined) return undefined;
  if (kind === 'round' && rest === 'current') return { kind, networkId };
  if (kind === 'epoch' && rest === 'latest') return { kind, networkId };
  const hotspotKind = HOTSPOT_TOPICS.find((known) => known === kind);
  if (!hotspotKind) return undefined;
  const id = parseId(rest);
  if (!id || id.kind === 'validator') return undefined;
  return { kind: hotspotKind, networkId, hotspotId: rest };
}

/** What a logged-in participant may do: publish its own reports, read its own answers and what is for everyone. */
export function isTopicAllowed(access: 'publish' | 'subscribe', topic: string, networkId: string, id: string): boolean {
  const parsed = parseTopic(topic);
  if (!parsed || parsed.networkId !== networkId) return false;
  switch (parsed.kind) {
    case 'report':
      return access === 'publish' && parsed.hotspotId === id;
    case 'receipt':
    case 'verdict':
      return access === 'subscribe' && parsed.hotspotId === id;
    case 'round':
    case 'epoch':
      return access === 'subscribe';
  }
}
