/** LoRa bandwidths a gateway's multi-SF and standard channels use. */
const BANDWIDTHS_HZ: readonly number[] = [125_000, 250_000, 500_000];
const MIN_SPREADING_FACTOR = 7;
const MAX_SPREADING_FACTOR = 12;
const MAX_PHY_BYTES = 255;

/** 8 programmed preamble symbols and the 4.25 of the sync word, in quarters of a symbol. */
const PREAMBLE_QUARTER_SYMBOLS = 4 * 8 + 17;
/** CR 4/5: five symbols carry four. */
const SYMBOLS_A_BLOCK = 5;
/** Above this symbol time the radio must use low data rate optimisation: SF11 and SF12 at 125 kHz, SF12 at 250 kHz. */
const LOW_DATA_RATE_SYMBOL_US = 16_000;

export interface LoraFrame {
  readonly phyBytes: number;
  readonly spreadingFactor: number;
  readonly bandwidthHz: number;
}

/** True for what `timeOnAirUs` accepts: 0–255 bytes, SF7–SF12, 125, 250 or 500 kHz. */
export function isLoraFrame(frame: LoraFrame): boolean {
  return (
    Number.isInteger(frame.phyBytes) &&
    frame.phyBytes >= 0 &&
    frame.phyBytes <= MAX_PHY_BYTES &&
    Number.isInteger(frame.spreadingFactor) &&
    frame.spreadingFactor >= MIN_SPREADING_FACTOR &&
    frame.spreadingFactor <= MAX_SPREADING_FACTOR &&
    BANDWIDTHS_HZ.includes(frame.bandwidthHz)
  );
}

/**
 * Time on air in microseconds, exact: a quarter of a symbol is a whole number of microseconds for every frame accepted.
 * Explicit header, CRC on, CR 4/5, 8-symbol preamble: the only kind of frame the protocol sends.
 * Source: Semtech SX1276 datasheet rev. 7, §4.1.1.6–7 ("Time on air"). Throws RangeError unless `isLoraFrame`.
 */
export function timeOnAirUs(frame: LoraFrame): number {
  if (!isLoraFrame(frame)) {
    const { phyBytes, spreadingFactor, bandwidthHz } = frame;
    throw new RangeError(`no LoRa frame: ${phyBytes} bytes, SF${spreadingFactor}, ${bandwidthHz} Hz`);
  }
  const { phyBytes, spreadingFactor, bandwidthHz } = frame;
  const symbolUs = ((1 << spreadingFactor) * 1_000_000) / bandwidthHz;
  const bitsASymbol = symbolUs > LOW_DATA_RATE_SYMBOL_US ? spreadingFactor - 2 : spreadingFactor;
  const crcBits = 16;
  const bitsAfterHeader = 8 * phyBytes - 4 * spreadingFactor + 28 + crcBits;
  const blocks = Math.max(Math.ceil(bitsAfterHeader / (4 * bitsASymbol)), 0);
  const payloadSymbols = 8 + blocks * SYMBOLS_A_BLOCK;
  return ((PREAMBLE_QUARTER_SYMBOLS + 4 * payloadSymbols) * symbolUs) / 4;
}
