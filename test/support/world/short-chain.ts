import { previousLink } from '@sextant/firmware-bridge/protocol';

/** A hash chain of a few links: what proves a link does not depend on how long the chain is. */
export interface ShortChain {
  readonly anchor: Uint8Array;
  /** Link 1 … length. */
  link(position: number): Uint8Array;
}

export function createShortChain(seed: Uint8Array, length: number): ShortChain {
  const links = [seed];
  for (let i = 0; i < length; i++) links.push(previousLink(links[i] as Uint8Array));
  return {
    anchor: links[length] as Uint8Array,
    link(position) {
      const link = links[length - position];
      if (!link || position < 1) throw new RangeError(`this chain has links 1 to ${length}, not ${position}`);
      return link;
    },
  };
}
