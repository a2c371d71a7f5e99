import type { TransmitRefusal, TransmitRequest, TransmitResult } from '../gateway-driver.ts';

interface Facts {
  readonly request?: TransmitRequest;
  readonly gatewayText?: string;
  readonly lowestDbm?: number;
}

type Advice = (facts: Facts) => string;

const ADVICE: Readonly<Record<TransmitRefusal, Advice>> = {
  unknown_gateway: () => 'No hotspot is configured for this gateway: add its EUI to the bridge configuration.',
  cannot_transmit: () => 'The gateway is configured to listen only (can_transmit = false).',
  not_connected: () =>
    'The gateway has sent no PULL_DATA in the last minute. Check that its server_address and serv_port_down point at ' +
    'this bridge and that the packet forwarder runs.',
  invalid_request: () => 'The request is no LoRa frame a packet forwarder can send.',
  too_large: () => 'The frame does not fit a PULL_RESP of 999 bytes.',
  busy: () => 'Too many transmissions of this gateway wait for their answer: try again when they have ended.',
  network: () => 'The datagram could not be sent: check the network of this machine.',
  no_answer: () =>
    'The gateway did not answer. Packet forwarders drop requests silently when transmitting is switched off ' +
    '(tx_enable on radio_0), when they are older than version 4, or when a firewall eats the packets.',
  tx_freq: ({ request }) =>
    `The gateway refuses ${(request?.frequencyHz ?? 0) / 1e6} MHz: it lies outside tx_freq_min…tx_freq_max of radio_0 in ` +
    'its global_conf.json. Widen them to the band of your region plan and restart the packet forwarder. ' +
    '(The stock US915 file starts at 923 MHz; it must be 902–928 MHz.)',
  tx_power: ({ request, lowestDbm }) =>
    lowestDbm === undefined
      ? `The gateway can produce neither ${(request?.txPowerDdbm ?? 0) / 10} dBm nor anything near below: add the level to ` +
        'tx_gain_lut of radio_0 in its global_conf.json.'
      : `The gateway would send at ${lowestDbm} dBm, and ${(request?.maxTxPowerDdbm ?? 0) / 10} dBm is allowed: add lower ` +
        'levels to tx_gain_lut of radio_0 in its global_conf.json.',
  too_late: () => 'The gateway found the moment of sending already past: its computer is overloaded.',
  too_early: () => 'The gateway found the moment of sending too far ahead.',
  collision: () => 'Another transmission of the gateway is planned for the same moment.',
  gps_unlocked: () => 'The gateway has no GPS time.',
  gateway_error: ({ gatewayText }) => `The gateway refused with ${JSON.stringify(gatewayText ?? '')}: see its log.`,
  stopped: () => 'The bridge is stopping.',
};

/** Refusals after which the frame may be on the air all the same. */
const MAYBE_SENT: readonly TransmitRefusal[] = ['no_answer', 'gateway_error', 'stopped'];

/** A refusal with what an owner can do about it. */
export function refuseTransmit(reason: TransmitRefusal, facts: Facts = {}): TransmitResult {
  return { outcome: 'refused', reason, advice: ADVICE[reason](facts), maybeSent: MAYBE_SENT.includes(reason) };
}
