import type { HexId } from './hex-id.ts';

/** Geometries of the hexagons near one tile, packed into three arrays and sorted by id. They depend on nothing but the tile. */
export interface TileGeometries {
  readonly ids: Float64Array;
  /** One more than ids: geometry `i` is `bytes[offsets[i], offsets[i + 1])`. */
  readonly offsets: Uint32Array;
  readonly bytes: Uint8Array;
}

const EMPTY: TileGeometries = { ids: new Float64Array(0), offsets: new Uint32Array(1), bytes: new Uint8Array(0) };

export const geometriesSize = ({ ids, offsets, bytes }: TileGeometries): number =>
  ids.byteLength + offsets.byteLength + bytes.byteLength;

/** Walks through geometries in ascending order of id, computing and remembering the ones that are missing. */
export class GeometryWalk {
  readonly #known: TileGeometries;
  readonly #compute: (id: HexId) => Uint8Array;
  readonly #missed: { id: HexId; geometry: Uint8Array }[] = [];
  #position = 0;

  constructor(known: TileGeometries | undefined, compute: (id: HexId) => Uint8Array) {
    this.#known = known ?? EMPTY;
    this.#compute = compute;
  }

  /** @param id greater than in the call before. */
  geometry(id: HexId): Uint8Array {
    const { ids } = this.#known;
    while ((ids[this.#position] ?? Number.POSITIVE_INFINITY) < id) this.#position += 1;
    if (ids[this.#position] === id) return geometryAt(this.#known, this.#position);
    const geometry = this.#compute(id);
    this.#missed.push({ id, geometry });
    return geometry;
  }

  /** Everything that is known after the walk, or undefined when it brought nothing new. */
  learned(): TileGeometries | undefined {
    if (this.#missed.length === 0) return undefined;
    const all = [...this.#missed];
    for (let index = 0; index < this.#known.ids.length; index += 1) {
      all.push({ id: this.#known.ids[index] ?? 0, geometry: geometryAt(this.#known, index) });
    }
    all.sort((a, b) => a.id - b.id);
    return pack(all);
  }
}

const geometryAt = ({ bytes, offsets }: TileGeometries, index: number): Uint8Array =>
  bytes.subarray(offsets[index], offsets[index + 1]);

function pack(entries: readonly { id: HexId; geometry: Uint8Array }[]): TileGeometries {
  const ids = new Float64Array(entries.length);
  const offsets = new Uint32Array(entries.length + 1);
  const bytes = new Uint8Array(entries.reduce((sum, { geometry }) => sum + geometry.length, 0));
  let offset = 0;
  for (const [index, { id, geometry }] of entries.entries()) {
    ids[index] = id;
    bytes.set(geometry, offset);
    offset += geometry.length;
    offsets[index + 1] = offset;
  }
  return { ids, offsets, bytes };
}
