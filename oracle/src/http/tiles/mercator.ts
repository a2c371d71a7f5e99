import type { TileAddress } from './tile-address.ts';

/** Longitude, degrees → world x; 0–1 is one turn of the globe. */
export const worldX = (lng: number): number => lng / 360 + 0.5;

/** Latitude, degrees → web-mercator world y; 0–1 from 85.05° north to 85.05° south, infinite at the poles. */
export function worldY(lat: number): number {
  const sine = Math.sin((lat * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

const latitudeOf = (y: number): number => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;

/** Degrees. */
export interface GeoBox {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** The tile widened on each side by `buffer` (a share of its width). West may be under −180, east over 180. */
export function tileBox({ z, x, y }: TileAddress, buffer: number): GeoBox {
  const size = 1 / 2 ** z;
  return {
    west: ((x - buffer) * size - 0.5) * 360,
    east: ((x + 1 + buffer) * size - 0.5) * 360,
    north: latitudeOf((y - buffer) * size),
    south: latitudeOf((y + 1 + buffer) * size),
  };
}
