import { type Ddb, type Ddbm, ddbm } from '@sextant/firmware-bridge/protocol';
import { fixedExp, fixedLn, LN_10, ONE, scaledRound } from '../numeric/big-fixed.ts';

/** What a receiver says of one frame. At least one of the two RSSIs is there. */
export interface Reception {
  /** Signal, noise and interference in the channel. */
  readonly rssiChannelDdbm?: Ddbm;
  /** The signal alone. */
  readonly rssiSignalDdbm?: Ddbm;
  readonly snrDdb: Ddb;
}

const TABLE_LAST = 500;
/** 10 log10(1 + 10^(−x/10)) in ddB for x = 0 … 50 dB in steps of 0.1 dB. Beyond, it rounds to 0. */
const SUM_DDB: readonly number[] = buildSumTable();

/**
 * Expected signal power: the power of the signal alone. From the signal RSSI where the gateway gives one, else from
 * the channel RSSI: RSSI + SNR − 10 log10(1 + 10^(SNR/10)), by a table within 0.05 dB.
 */
export function signalPowerDdbm(reception: Reception): Ddbm {
  const { rssiChannelDdbm, rssiSignalDdbm, snrDdb } = reception;
  return rssiSignalDdbm ?? ddbm(required(rssiChannelDdbm) - sumDdb(snrDdb));
}

/**
 * The noise the reception implies, dBm in the channel, under the convention that gives more: channel RSSI
 * N = RSSI − 10 log10(1 + 10^(SNR/10)), signal RSSI N = RSSI − SNR. A single RSSI is read both ways, because gateways
 * confuse the two.
 */
export function highestImpliedNoiseDdbm(reception: Reception): Ddbm {
  const { rssiChannelDdbm, rssiSignalDdbm, snrDdb } = reception;
  const channel = required(rssiChannelDdbm ?? rssiSignalDdbm);
  const signal = required(rssiSignalDdbm ?? rssiChannelDdbm);
  return ddbm(Math.max(channel - snrDdb - sumDdb(snrDdb), signal - snrDdb));
}

/** 10 log10(1 + 10^(−snr/10)) in ddB; for a negative SNR that is |SNR| + 10 log10(1 + 10^(−|SNR|/10)). */
function sumDdb(snrDdb: number): number {
  const beyond = SUM_DDB[Math.abs(snrDdb)] ?? 0;
  return snrDdb < 0 ? beyond - snrDdb : beyond;
}

function required(rssi: Ddbm | undefined): Ddbm {
  if (rssi === undefined) throw new RangeError('a reception has at least one RSSI');
  return rssi;
}

function buildSumTable(): number[] {
  const step = fixedExp(-LN_10 / 100n);
  const table: number[] = [];
  for (let x = 0, power = ONE; x <= TABLE_LAST; x++, power = (power * step) / ONE) {
    const ln = fixedLn(ONE + power, ONE);
    table.push(Number(scaledRound((ln * ONE) / LN_10, 100n)));
  }
  return table;
}
