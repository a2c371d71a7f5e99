/** One reception as it was measured. */
export interface MeasuredLink {
  /** As the file numbers it: for whoever wants to look it up there. */
  readonly row: number;
  /** Receptions of one packet share it. */
  readonly packet: number;
  readonly device: Place;
  readonly gateway: string;
  readonly gatewayPlace: Place;
  /** Of the channel. */
  readonly rssiDbm: number;
  readonly snrDb: number;
}

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

export interface MeasuredLinks {
  readonly links: readonly MeasuredLink[];
  /** Rows whose gateway is not known. */
  readonly withoutGateway: number;
}

const COLUMNS = ['row', 'msg', 'dev_lat', 'dev_lon', 'gw', 'gw_lat', 'gw_lon', 'dist_m', 'rssi_dbm', 'snr_db'] as const;
type Column = (typeof COLUMNS)[number];

/** The file is no list of links; the message names the line. */
export class LinksCsvError extends Error {
  override readonly name = 'LinksCsvError';
}

/** Reads measured links from CSV text with the columns above, in any order; others are left out. Throws LinksCsvError. */
export function parseLinksCsv(text: string): MeasuredLinks {
  const [header = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const position = new Map(header.split(',').map((name, i) => [name.trim(), i]));
  const missing = COLUMNS.filter((name) => !position.has(name));
  if (missing.length > 0)
    throw new LinksCsvError(`line 1 has no column ${missing.join(', ')}; it needs ${COLUMNS.join(',')}`);
  const links: MeasuredLink[] = [];
  let withoutGateway = 0;
  lines.forEach((line, i) => {
    if (line.trim() === '') return;
    const fields = line.split(',');
    const textOf = (column: Column): string => (fields[position.get(column) ?? -1] ?? '').trim();
    if (textOf('gw') === '') withoutGateway++;
    else links.push(parseLink(textOf, i + 2));
  });
  return { links, withoutGateway };
}

function parseLink(textOf: (column: Column) => string, line: number): MeasuredLink {
  const numberOf = (column: Column, least: number, most: number): number => {
    const text = textOf(column);
    const value = Number(text);
    if (text !== '' && value >= least && value <= most) return value;
    throw new LinksCsvError(`line ${line}: ${column} is "${text}", not a number from ${least} to ${most}`);
  };
  const placeOf = (latitude: Column, longitude: Column): Place => ({
    latitude: numberOf(latitude, -90, 90),
    longitude: numberOf(longitude, -180, 180),
  });
  return {
    row: numberOf('row', 0, Number.MAX_SAFE_INTEGER),
    packet: numberOf('msg', 0, Number.MAX_SAFE_INTEGER),
    device: placeOf('dev_lat', 'dev_lon'),
    gateway: textOf('gw'),
    gatewayPlace: placeOf('gw_lat', 'gw_lon'),
    rssiDbm: numberOf('rssi_dbm', -250, 100),
    snrDb: numberOf('snr_db', -100, 100),
  };
}
