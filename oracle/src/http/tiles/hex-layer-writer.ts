import { PbfWriter } from 'pbf';
import { TILE_LAYER, type TileHexProperties } from '../../api/index.ts';
import { type HexValues, NO_ESP } from './coverage-row.ts';
import { TILE_EXTENT } from './hex-geometry.ts';
import type { HexId } from './hex-id.ts';

/** Field numbers of the Mapbox Vector Tile specification 2.1, §4. */
const TILE = { layers: 3 } as const;
const LAYER = { name: 1, features: 2, keys: 3, values: 4, extent: 5, version: 15 } as const;
const FEATURE = { id: 1, tags: 2, type: 3, geometry: 4 } as const;
const VALUE = { uint: 5, sint: 6 } as const;
const POLYGON = 3;
const BYTES = 2;

const KEYS = ['state', 'esp', 'witnesses', 'seen'] as const satisfies readonly (keyof TileHexProperties)[];

const varintLength = (value: number): number => {
  let length = 1;
  for (let rest = value; rest >= 128; rest /= 128) length += 1;
  return length;
};

/** Writes a tile of one layer, one hexagon after the other, without an object or a message buffer for each. */
export class HexLayerWriter {
  readonly #features = new PbfWriter(new Uint8Array(65_536));
  /** Value → its index in the layer's table. */
  readonly #values = new Map<number, number>();
  readonly #tags: number[] = [];

  add(id: HexId, values: Readonly<HexValues>, geometry: Uint8Array): void {
    const tags = this.#tags;
    tags.length = 0;
    for (const [key, name] of KEYS.entries()) {
      if (name === 'esp' && values.esp === NO_ESP) continue;
      tags.push(key, this.#valueIndex(values[name]));
    }
    const tagsLength = tags.reduce((sum, tag) => sum + varintLength(tag), 0);
    // Each of the four fields has a one-byte key; the type is one byte.
    const fixed = 1 + varintLength(id) + (1 + varintLength(tagsLength) + tagsLength) + 2;
    const out = this.#features;
    out.writeTag(LAYER.features, BYTES);
    out.writeVarint(fixed + 1 + varintLength(geometry.length) + geometry.length);
    out.writeVarintField(FEATURE.id, id);
    out.writeTag(FEATURE.tags, BYTES);
    out.writeVarint(tagsLength);
    for (const tag of tags) out.writeVarint(tag);
    out.writeVarintField(FEATURE.type, POLYGON);
    out.writeBytesField(FEATURE.geometry, geometry);
  }

  /** The tile; empty when nothing was added. */
  finish(): Uint8Array {
    if (this.#features.pos === 0) return new Uint8Array(0);
    const head = new PbfWriter();
    head.writeVarintField(LAYER.version, 2);
    head.writeStringField(LAYER.name, TILE_LAYER);
    const tail = new PbfWriter();
    for (const key of KEYS) tail.writeStringField(LAYER.keys, key);
    for (const value of this.#values.keys()) tail.writeMessage(LAYER.values, writeValue, value);
    tail.writeVarintField(LAYER.extent, TILE_EXTENT);
    const parts = [head.finish(), this.#features.finish(), tail.finish()];
    const tile = new PbfWriter();
    tile.writeTag(TILE.layers, BYTES);
    tile.writeVarint(parts.reduce((sum, part) => sum + part.length, 0));
    return Buffer.concat([tile.finish(), ...parts]);
  }

  #valueIndex(value: number): number {
    const known = this.#values.get(value);
    if (known !== undefined) return known;
    this.#values.set(value, this.#values.size);
    return this.#values.size - 1;
  }
}

function writeValue(value: number, out: PbfWriter): void {
  if (value < 0) out.writeSVarintField(VALUE.sint, value);
  else out.writeVarintField(VALUE.uint, value);
}
