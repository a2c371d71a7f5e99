import type { Clock } from '../../clock.ts';
import type { GatewayListener, GatewayWarningKind } from '../gateway-driver.ts';
import type { GatewayEui } from '../gateway-eui.ts';
import { encodeAck, type GatewayDatagram, parseDatagram } from './datagram.ts';
import type { GatewaySettings } from './gateway-settings.ts';
import type { KnownGateway, KnownGateways, Remote } from './known-gateways.ts';
import { isLoopback } from './loopback.ts';
import type { PendingAnswers } from './pending-answers.ts';
import { parsePushData } from './push-data.ts';
import type { RefusalCounts } from './refusal-counts.ts';
import type { ParsedRxpk } from './rxpk.ts';
import type { ParsedStat } from './stat.ts';
import { parseTxAck } from './tx-ack.ts';

interface Modules {
  readonly clock: Clock;
  readonly gateways: KnownGateways;
  readonly pending: PendingAnswers;
  readonly refusals: RefusalCounts;
  readonly listener: GatewayListener;
  readonly settingsFor: (eui: GatewayEui) => GatewaySettings | undefined;
  readonly reply: (datagram: Uint8Array, to: Remote) => void;
}

/** Strangers are told about once each; more than this many at a time are only counted. */
const MAX_STRANGERS = 256;

const WARNINGS: Readonly<Record<GatewayWarningKind, (eui: GatewayEui, from: Remote) => string>> = {
  unknown_gateway: (eui, from) =>
    `Gateway ${eui} at ${from.address} sends to this bridge, but no hotspot is configured for it: its packets are ` +
    'acknowledged and dropped. Add its EUI to the bridge configuration to use it.',
  remote_gateway: (eui, from) =>
    `Gateway ${eui} sends from ${from.address}. Semtech UDP has no authentication: whoever reaches this port can speak ` +
    'for the gateway. Run the bridge on the gateway itself, or put both on a network nobody else is on.',
  position_without_gps_time: (eui) =>
    `Gateway ${eui} reports a position but no GPS time: the position is typed in (fake_gps) or GPS has no lock. It is ` +
    'never used; only the cell your hotspot asserts counts.',
};

/**
 * Our side of the Semtech UDP protocol, without the socket: every datagram in, acknowledgements and events out. Never
 * throws, whatever comes. Source: sx1302_hal V2.1.0, packet_forwarder/PROTOCOL.md and src/lora_pkt_fwd.c.
 */
export class ForwarderProtocol {
  readonly #modules: Modules;
  readonly #strangers = new Set<GatewayEui>();

  constructor(modules: Modules) {
    this.#modules = modules;
  }

  handle(bytes: Uint8Array, from: Remote): void {
    const datagram = parseDatagram(bytes);
    if (typeof datagram === 'string') {
      this.#modules.refusals.count(datagram);
      return;
    }
    // First of all and for everybody: forwarders wait for it, and some quit when it stays away.
    if (datagram.kind === 'push_data') this.#modules.reply(encodeAck('push_ack', datagram.token), from);
    if (datagram.kind === 'pull_data') this.#modules.reply(encodeAck('pull_ack', datagram.token), from);
    if (this.#modules.settingsFor(datagram.eui) === undefined) {
      this.#stranger(datagram.eui, from);
      return;
    }
    const gateway = this.#modules.gateways.heard(datagram.eui);
    if (!isLoopback(from.address)) this.#warn(gateway, 'remote_gateway', from);
    this.#receive(gateway, datagram, from);
  }

  #receive(gateway: KnownGateway, datagram: GatewayDatagram, from: Remote): void {
    switch (datagram.kind) {
      case 'push_data':
        this.#pushed(gateway, datagram.body, from);
        break;
      case 'pull_data':
        gateway.downlink = from;
        gateway.downlinkSeenMs = gateway.lastSeenMs;
        break;
      case 'tx_ack':
        if (!this.#modules.pending.answer(gateway.eui, datagram.token, parseTxAck(datagram.body))) {
          this.#modules.refusals.count('unexpected_tx_ack', gateway.eui);
        }
        break;
    }
  }

  #pushed(gateway: KnownGateway, body: Uint8Array, from: Remote): void {
    const { frames, stat, refusals } = parsePushData(body);
    for (const reason of refusals) this.#modules.refusals.count(reason, gateway.eui);
    for (const frame of frames) this.#frame(gateway, frame);
    if (stat !== undefined) this.#stat(gateway, stat, from);
  }

  #frame(gateway: KnownGateway, { counterUs, ...frame }: ParsedRxpk): void {
    gateway.hasGpsTime = frame.gpsTimeNs !== undefined;
    if (gateway.hasGpsTime) gateway.warned.delete('position_without_gps_time');
    const receivedAtMs = gateway.lastSeenMs;
    const gatewayTimeUs = gateway.counter.extend(counterUs, receivedAtMs);
    this.#modules.listener.frameReceived({ ...frame, eui: gateway.eui, receivedAtMs, gatewayTimeUs });
  }

  #stat(gateway: KnownGateway, { hasPosition, ...stat }: ParsedStat, from: Remote): void {
    if (hasPosition && gateway.hasGpsTime === false) this.#warn(gateway, 'position_without_gps_time', from);
    this.#modules.listener.statusReceived({
      ...stat,
      eui: gateway.eui,
      receivedAtMs: gateway.lastSeenMs,
      gpsLock: gateway.hasGpsTime === true,
    });
  }

  #stranger(eui: GatewayEui, from: Remote): void {
    this.#modules.refusals.count('unknown_gateway', eui);
    if (this.#strangers.has(eui) || this.#strangers.size >= MAX_STRANGERS) return;
    this.#strangers.add(eui);
    this.#modules.listener.warned({ kind: 'unknown_gateway', eui, advice: WARNINGS.unknown_gateway(eui, from) });
  }

  #warn(gateway: KnownGateway, kind: GatewayWarningKind, from: Remote): void {
    if (gateway.warned.has(kind)) return;
    gateway.warned.add(kind);
    this.#modules.listener.warned({ kind, eui: gateway.eui, advice: WARNINGS[kind](gateway.eui, from) });
  }
}
