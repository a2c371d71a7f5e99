import type { TransmitRefusal } from '../gateway-driver.ts';
import { integerIn, isJsonObject, type JsonObject, parseJsonObject } from './json-object.ts';

export type TxAnswer =
  | {
      readonly kind: 'accepted';
      /** Conducted dBm from the gateway's gain table, when it could not do what was asked. */
      readonly correctedPowerDbm?: number;
      /** Only Helium's forwarders say when: the raw 32-bit counter. */
      readonly counterUs?: number;
    }
  | { readonly kind: 'refused'; readonly reason: TransmitRefusal; readonly gatewayText: string };

const ERRORS: Readonly<Record<string, TransmitRefusal>> = {
  TOO_LATE: 'too_late',
  TOO_EARLY: 'too_early',
  COLLISION_PACKET: 'collision',
  COLLISION_BEACON: 'collision',
  TX_FREQ: 'tx_freq',
  TX_POWER: 'tx_power',
  GPS_UNLOCKED: 'gps_unlocked',
};

/**
 * What a TX_ACK says. Empty, no JSON object named `txpk_ack`, error absent, empty or `NONE` all mean accepted into the
 * queue. JSON that cannot be read is a refusal: nobody knows what it said.
 * Source: sx1302_hal V2.1.0, packet_forwarder/PROTOCOL.md §5.5 and §6; `NONE` as older and forked forwarders send it.
 */
export function parseTxAck(body: Uint8Array): TxAnswer {
  if (body.every((byte) => byte === 0)) return { kind: 'accepted' };
  const root = parseJsonObject(body);
  if (root === undefined) return { kind: 'refused', reason: 'gateway_error', gatewayText: 'unreadable TX_ACK' };
  const ack = root['txpk_ack'];
  if (!isJsonObject(ack)) return { kind: 'accepted' };
  const error = ack['error'];
  if (typeof error === 'string' && error !== '' && error !== 'NONE') {
    const reason = Object.hasOwn(ERRORS, error) ? ERRORS[error] : undefined;
    return { kind: 'refused', reason: reason ?? 'gateway_error', gatewayText: error.slice(0, 40) };
  }
  return accepted(ack);
}

function accepted(ack: JsonObject): TxAnswer {
  const correctedPowerDbm = ack['warn'] === 'TX_POWER' ? powerValue(ack) : undefined;
  const counterUs = integerIn(ack, 'tmst', 0, 0xffff_ffff);
  return {
    kind: 'accepted',
    ...(correctedPowerDbm === undefined ? {} : { correctedPowerDbm }),
    ...(counterUs === undefined ? {} : { counterUs }),
  };
}

/** PROTOCOL.md allows `value` to be a string or a number. */
function powerValue(ack: JsonObject): number | undefined {
  const text = ack['value'];
  if (typeof text === 'string' && /^-?\d{1,3}$/.test(text)) return Number(text);
  return integerIn(ack, 'value', -128, 127);
}
