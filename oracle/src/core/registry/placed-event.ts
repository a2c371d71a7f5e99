import { bytesToHex, type RegistryEvent } from '@sextant/firmware-bridge/protocol';

/** An event of the registry with a text of its own, to be compared by. */
export type PlacedEvent = RegistryEvent & { readonly text: string };

export function placedEvent(event: RegistryEvent): PlacedEvent {
  const members = Object.entries(event)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value instanceof Uint8Array ? bytesToHex(value) : String(value)}`);
  return { ...event, text: members.join(' ') };
}
