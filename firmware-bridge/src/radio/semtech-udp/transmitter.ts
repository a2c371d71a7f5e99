import type { Clock } from '../../clock.ts';
import { ddbm, isLoraFrame } from '../../protocol/index.ts';
import type { TransmitRequest, TransmitResult } from '../gateway-driver.ts';
import type { GatewayEui } from '../gateway-eui.ts';
import { encodePullResp } from './datagram.ts';
import type { GatewaySettings } from './gateway-settings.ts';
import type { KnownGateway, KnownGateways, Remote } from './known-gateways.ts';
import type { Answer, PendingAnswers } from './pending-answers.ts';
import { refuseTransmit } from './transmit-advice.ts';
import { encodeTxpk } from './txpk.ts';

interface Options {
  readonly answerTimeoutMs: number;
}

interface Modules {
  readonly clock: Clock;
  readonly gateways: KnownGateways;
  readonly pending: PendingAnswers;
  readonly settingsFor: (eui: GatewayEui) => GatewaySettings | undefined;
  readonly send: (datagram: Uint8Array, to: Remote, onFailure: () => void) => void;
}

/** `powe` is a signed byte to the forwarder, and the configured antenna gain comes on top. */
const MAX_POWER_DDBM = 600;

/** Hands frames to gateways and finds out at which power they went. */
export class Transmitter {
  readonly #options: Options;
  readonly #modules: Modules;

  constructor(options: Options, modules: Modules) {
    this.#options = options;
    this.#modules = modules;
  }

  async transmit(eui: GatewayEui, request: TransmitRequest): Promise<TransmitResult> {
    const settings = this.#modules.settingsFor(eui);
    if (settings === undefined) return refuseTransmit('unknown_gateway');
    if (!settings.canTransmit) return refuseTransmit('cannot_transmit');
    const gateway = this.#modules.gateways.find(eui);
    if (gateway === undefined) return refuseTransmit('not_connected');
    if (!isSendable(request)) return refuseTransmit('invalid_request');
    return this.#atSomePower(gateway, settings, request);
  }

  /** Asks for the power; where the gateway has no such level, for the next lower one, and so on. */
  async #atSomePower(
    gateway: KnownGateway,
    settings: GatewaySettings,
    request: TransmitRequest,
  ): Promise<TransmitResult> {
    // Whole dBm, never louder than asked: that is all `powe` can say.
    const wantedDbm = Math.floor(request.txPowerDdbm / 10);
    for (;;) {
      const askedDbm = gateway.powers.resolve(wantedDbm);
      if (askedDbm === undefined) return refuseTransmit('tx_power', { request });
      if (askedDbm * 10 > request.maxTxPowerDdbm) return refuseTransmit('tx_power', { request, lowestDbm: askedDbm });
      const result = await this.#once(gateway, settings, request, askedDbm);
      if (result !== 'try_lower') return result;
      gateway.powers.refused(askedDbm);
    }
  }

  async #once(
    gateway: KnownGateway,
    settings: GatewaySettings,
    request: TransmitRequest,
    askedDbm: number,
  ): Promise<TransmitResult | 'try_lower'> {
    const to = this.#modules.gateways.downlinkOf(gateway);
    if (to === undefined) return refuseTransmit('not_connected');
    const token = this.#modules.pending.freeToken(gateway.eui);
    if (token === undefined) return refuseTransmit('busy');
    const datagram = encodePullResp(token, encodeTxpk(request, askedDbm + settings.forwarderAntennaGainDbi));
    if (datagram === undefined) return refuseTransmit('too_large');
    const sentAtMs = this.#modules.clock.now();
    const answered = this.#modules.pending.waitFor(gateway.eui, token, this.#options.answerTimeoutMs);
    this.#modules.send(datagram, to, () => this.#modules.pending.fail(gateway.eui, token, 'network'));
    const answer = await answered;
    if (answer.kind !== 'accepted') return refusal(answer, request);
    const actualDbm = actualPowerDbm(answer.correctedPowerDbm, askedDbm, settings);
    if (actualDbm !== undefined) gateway.powers.accepted(askedDbm, actualDbm);
    return {
      outcome: 'sent',
      sentAtMs,
      ...(actualDbm === undefined ? {} : { actualPowerDdbm: ddbm(actualDbm * 10) }),
      ...(answer.counterUs === undefined ? {} : { gatewayTimeUs: gateway.counter.extend(answer.counterUs, sentAtMs) }),
    };
  }
}

function refusal(
  answer: Exclude<Answer, { kind: 'accepted' }>,
  request: TransmitRequest,
): TransmitResult | 'try_lower' {
  if (answer.kind !== 'refused') return refuseTransmit(answer.kind);
  if (answer.reason === 'tx_power') return 'try_lower';
  return refuseTransmit(answer.reason, { request, gatewayText: answer.gatewayText });
}

/** The level of the gain table, which is conducted: the forwarder has subtracted its gain before looking it up. */
function actualPowerDbm(
  correctedDbm: number | undefined,
  askedDbm: number,
  settings: GatewaySettings,
): number | undefined {
  return correctedDbm ?? (settings.reportsPowerCorrections ? askedDbm : undefined);
}

function isSendable(request: TransmitRequest): boolean {
  const { spreadingFactor, bandwidthHz, phyPayload, frequencyHz, txPowerDdbm } = request;
  return (
    phyPayload.length > 0 &&
    isLoraFrame({ phyBytes: phyPayload.length, spreadingFactor, bandwidthHz }) &&
    Number.isInteger(frequencyHz) &&
    frequencyHz > 0 &&
    Number.isInteger(txPowerDdbm) &&
    Math.abs(txPowerDdbm) <= MAX_POWER_DDBM
  );
}
