/** Width and height of the pattern, px: it repeats without a seam. */
const SIZE = 8;
const LINE_PX = 1.4;

/** Diagonal lines in a colour (`#rrggbb`) on nothing, RGBA. */
export function hatchImage(colour: string): { width: number; height: number; data: Uint8ClampedArray } {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const data = new Uint8ClampedArray(SIZE * SIZE * 4);
  for (let y = 0; y < SIZE; y += 1) {
    for (let x = 0; x < SIZE; x += 1) {
      const along = (x + y) % SIZE;
      // Distance from the line's middle, across it.
      const distance = Math.min(along, SIZE - along) / Math.SQRT2;
      const alpha = Math.max(0, Math.min(1, LINE_PX / 2 + 0.5 - distance));
      data.set([red, green, blue, Math.round(255 * alpha)], (y * SIZE + x) * 4);
    }
  }
  return { width: SIZE, height: SIZE, data };
}
