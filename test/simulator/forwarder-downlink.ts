import { timeOnAirUs } from '@sextant/firmware-bridge/protocol';
import type { ForwarderModel } from './forwarder-model.ts';

/** What a packet forwarder's configuration says about transmitting. */
export interface TransmitConfig {
  /** `tx_enable` of radio_0; radio_1 never transmits. */
  readonly txEnable: boolean;
  readonly txFreqMinHz: number;
  readonly txFreqMaxHz: number;
  /** `antenna_gain`, whole dBi: subtracted from every `powe`. */
  readonly antennaGainDbi: number;
}

/** A txpk that passed every check before the queue. */
export interface DownlinkFrame {
  readonly when: { readonly immediate: true } | { readonly counterUs: number } | { readonly gpsMs: number };
  readonly frequencyHz: number;
  readonly spreadingFactor: number;
  readonly bandwidthHz: number;
  readonly invertedIq: boolean;
  readonly crc: boolean;
  readonly phyPayload: Uint8Array;
  readonly airtimeMs: number;
  /** Conducted. */
  readonly powerDbm: number;
  /** Set when the power is not what was asked: the value of the warning. */
  readonly warnedPowerDbm?: number;
}

export type DownlinkOutcome =
  /** Only a line in the forwarder's log, no TX_ACK. */
  | { readonly kind: 'silent'; readonly why: string }
  | { readonly kind: 'error'; readonly error: 'TX_FREQ' | 'TX_POWER' }
  | { readonly kind: 'frame'; readonly frame: DownlinkFrame };

type Json = Readonly<Record<string, unknown>>;

const CODING_RATES = ['4/5', '4/6', '2/3', '4/7', '4/8', '1/2'];

const silent = (why: string): DownlinkOutcome => ({ kind: 'silent', why });

/** The JSON part of a PULL_RESP, read in the order and with the strictness of lora_pkt_fwd.c, thread_down. */
export function readPullResp(json: string, model: ForwarderModel, config: TransmitConfig): DownlinkOutcome {
  const txpk = parseTxpk(json);
  if (typeof txpk === 'string') return silent(txpk);
  const when = readWhen(txpk);
  if (when === undefined) return silent('no mandatory txpk.tmst or txpk.tmms');
  if (typeof txpk['freq'] !== 'number') return silent('no mandatory txpk.freq');
  const frequencyHz = Math.trunc(1e6 * txpk['freq']) >>> 0;
  if (txpk['rfch'] === undefined) return silent('no mandatory txpk.rfch');
  const disabled = txpk['rfch'] !== 0 || !config.txEnable;
  if (disabled && model.silentWhenTxDisabled) return silent('TX is not enabled on the RF chain');
  const asked = txpk['powe'] === undefined ? 0 : toInt8(Number(txpk['powe'])) - config.antennaGainDbi;
  if (txpk['modu'] !== 'LORA') return silent('no or another txpk.modu');
  const rate = /^SF(\d{1,2})BW(125|250|500)/.exec(textOf(txpk['datr']));
  const spreadingFactor = Number(rate?.[1]);
  if (rate === null || spreadingFactor < 7 || spreadingFactor > 12) return silent('format error in txpk.datr');
  if (!CODING_RATES.includes(textOf(txpk['codr']))) return silent('no or wrong txpk.codr');
  const phyPayload = readPayload(txpk);
  if (typeof phyPayload === 'string') return silent(phyPayload);
  if (disabled || frequencyHz < config.txFreqMinHz || frequencyHz > config.txFreqMaxHz) {
    return { kind: 'error', error: 'TX_FREQ' };
  }
  const power = choosePower(asked, model);
  if (power === undefined) return { kind: 'error', error: 'TX_POWER' };
  const bandwidthHz = Number(rate[2]) * 1000;
  const airtimeMs = timeOnAirUs({ phyBytes: phyPayload.length, spreadingFactor, bandwidthHz }) / 1000;
  const modulation = { frequencyHz, spreadingFactor, bandwidthHz, phyPayload, airtimeMs };
  const invertedIq = txpk['ipol'] === true;
  return { kind: 'frame', frame: { when, ...modulation, invertedIq, crc: txpk['ncrc'] !== true, ...power } };
}

function parseTxpk(json: string): Json | string {
  try {
    const root = JSON.parse(json) as Json | null;
    const txpk = root?.['txpk'];
    return typeof txpk === 'object' && txpk !== null ? (txpk as Json) : 'no "txpk" object in JSON';
  } catch {
    return 'invalid JSON';
  }
}

function readWhen(txpk: Json): DownlinkFrame['when'] | undefined {
  if (txpk['imme'] === true) return { immediate: true };
  if (typeof txpk['tmst'] === 'number') return { counterUs: txpk['tmst'] >>> 0 };
  return typeof txpk['tmms'] === 'number' ? { gpsMs: txpk['tmms'] } : undefined;
}

/** `size` bytes are sent, whatever `data` holds; a mismatch is only worth a line in the log. */
function readPayload(txpk: Json): Uint8Array | string {
  const size = txpk['size'];
  const data = txpk['data'];
  if (typeof size !== 'number') return 'no mandatory txpk.size';
  if (typeof data !== 'string') return 'no mandatory txpk.data';
  const payload = new Uint8Array(Math.min(size, 255));
  payload.set(new Uint8Array(Buffer.from(data, 'base64')).subarray(0, payload.length));
  return payload;
}

function choosePower(
  askedDbm: number,
  model: ForwarderModel,
): { readonly powerDbm: number; readonly warnedPowerDbm?: number } | undefined {
  const table = model.gainTableDbm;
  if (table.includes(askedDbm)) return { powerDbm: askedDbm };
  if (!model.correctsPower) return undefined;
  // Below the whole table it takes entry 0, which is the lowest: more than was asked for.
  const actual = table.findLast((dbm) => dbm <= askedDbm) ?? table[0] ?? 0;
  return { powerDbm: actual, warnedPowerDbm: actual };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function toInt8(value: number): number {
  return (Math.trunc(value) << 24) >> 24;
}
