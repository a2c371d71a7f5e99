import { cellArea, cellToLatLng, getHexagonEdgeLengthAvg, getResolution, UNITS } from 'h3-js';

/** A picture of what becomes public: the hexagon, its id and its size. `cell` as 15 hex digits. */
export function hexagonPicture(cell: string): string {
  const resolution = getResolution(cell);
  const edgeM = getHexagonEdgeLengthAvg(resolution, UNITS.m);
  const areaKm2 = cellArea(cell, UNITS.km2);
  const [latitude, longitude] = cellToLatLng(cell);
  const beside = [
    '',
    `cell ${cell} (H3 resolution ${resolution})`,
    `about ${round(2 * edgeM)} m from corner to corner, ${areaKm2 < 1 ? areaKm2.toFixed(3) : areaKm2.toFixed(1)} km²`,
    `centre ${latitude.toFixed(4)}, ${longitude.toFixed(4)}`,
    'Everybody can see that your antenna is somewhere in here.',
    'Nobody can see where in here.',
    '',
  ];
  const picture = [
    '      ________     ',
    '     /        \\    ',
    '    /          \\   ',
    '   /   you are  \\  ',
    '   \\   in here  /  ',
    '    \\          /   ',
    '     \\________/    ',
  ];
  return picture.map((line, i) => `${line}  ${beside[i] ?? ''}`.trimEnd()).join('\n');
}

const round = (value: number): number => (value >= 100 ? Math.round(value / 10) * 10 : Math.round(value));
