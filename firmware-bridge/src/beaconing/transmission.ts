import type { Clock } from '../clock.ts';
import type { StoreChange } from '../outbox/durable-store.ts';
import {
  BEACON_BANDWIDTH_HZ,
  type BeaconParameters,
  type Ddbm,
  type GatewayInterface,
  type RadioDeclaration,
  REGION_PLANS,
  type Transmission,
  type UnixMs,
} from '../protocol/index.ts';
import type { GatewayDriver, TransmitResult } from '../radio/gateway-driver.ts';
import type { GatewayEui } from '../radio/gateway-eui.ts';
import type { AirtimeLedger } from './airtime-ledger.ts';
import type { Miss } from './miss.ts';
import type { PendingReveals, TransmissionReport } from './pending-reveals.ts';
import type { ClockOffset } from './round-book.ts';

/** Everything about one transmission but what the gateway will say. */
export interface PlannedBeacon {
  /** Names it for ever within its sender: `beacon-12`, `survey-345`. */
  readonly name: string;
  readonly slot: number;
  /** Handed over later, it would not end within its slot. */
  readonly latestMs: UnixMs;
  readonly frame: Uint8Array;
  readonly parameters: BeaconParameters;
  readonly radio: RadioDeclaration;
  /** What must be on disk before the frame is on the air, beside the transmission itself. */
  readonly state: readonly StoreChange[];
  readonly toReport: (transmission: Transmission) => TransmissionReport;
}

export interface TransmitterOptions {
  readonly eui: GatewayEui;
  /** W: a clock that is further off puts the frame into a wrong slot. */
  readonly clockMarginMs: number;
}

export interface TransmitterModules {
  readonly driver: GatewayDriver;
  readonly ledger: AirtimeLedger;
  readonly reveals: PendingReveals;
  readonly clock: Clock;
  readonly clockOffset: () => ClockOffset | undefined;
}

export type SendOutcome =
  | { readonly sent: true; readonly report: TransmissionReport }
  | ({ readonly sent: false } & Miss);

/** What the wire format carries: a gateway that claims more tells nothing. */
const MAX_POWER_DDBM = 500;

export const AIRTIME_STATE_KEY = 'airtime';

/**
 * The last steps before the air, in the one safe order: may the gateway send now, does the plan still allow it, is
 * everything on disk that the reveal will need; then send, then note what the gateway says it did.
 */
export class BeaconTransmitter {
  readonly #options: TransmitterOptions;
  readonly #modules: TransmitterModules;

  constructor(options: TransmitterOptions, modules: TransmitterModules) {
    this.#options = options;
    this.#modules = modules;
  }

  async send(planned: PlannedBeacon): Promise<SendOutcome> {
    const { reveals, clock, ledger, driver } = this.#modules;
    const { parameters, frame, name } = planned;
    const obstacle = this.#findObstacle(planned);
    if (obstacle) return { sent: false, ...obstacle };
    const { frequencyHz, spreadingFactor } = parameters;
    const onAir = { frequencyHz, spreadingFactor, bandwidthHz: BEACON_BANDWIDTH_HZ };
    const airtime = ledger.reserve({ phyBytes: frame.length, ...onAir }, clock.now());
    if (!airtime.allowed) return { sent: false, reason: 'airtime', detail: airtime.advice };
    const intended = planned.toReport(this.#transmission(planned, clock.now(), {}));
    const airtimeState = { key: AIRTIME_STATE_KEY, value: Buffer.from(JSON.stringify(ledger.state())) };
    await reveals.plan(name, planned.slot, intended, [airtimeState, ...planned.state]);
    if (clock.now() > planned.latestMs) {
      await reveals.cancel(name);
      return { sent: false, reason: 'storage_unavailable' };
    }
    const result = await driver.transmit(this.#options.eui, {
      phyPayload: frame,
      ...onAir,
      txPowerDdbm: parameters.txPowerDdbm,
      maxTxPowerDdbm: maxConductedDdbm(planned.radio),
    });
    return this.#note(planned, intended, result);
  }

  #findObstacle({ latestMs, radio }: PlannedBeacon): Miss | undefined {
    const { clock, clockOffset, driver } = this.#modules;
    const { eui, clockMarginMs } = this.#options;
    if (clock.now() > latestMs) return { reason: 'too_late' };
    const offsetMs = clockOffset()?.offsetMs ?? 0;
    if (Math.abs(offsetMs) > clockMarginMs) return { reason: 'clock_off', detail: `${offsetMs} ms` };
    const gateway = driver.gateways().find((state) => state.eui === eui);
    if (!gateway?.connected) {
      const detail = `No packet forwarder with gateway ID ${eui} is connected. Is it running, and does it send to this bridge?`;
      return { reason: 'gateway_absent', detail };
    }
    if (!gateway.canTransmit) return { reason: 'cannot_transmit' };
    return REGION_PLANS[radio.regionPlan].beaconingAllowed ? undefined : { reason: 'nothing_legal' };
  }

  #transmission(
    { frame, parameters }: PlannedBeacon,
    sentAtMs: UnixMs,
    said: { readonly txPowerActualDdbm?: Ddbm; readonly gatewayTimeUs?: number },
  ): Transmission {
    const { frequencyHz, spreadingFactor, txPowerDdbm } = parameters;
    return {
      phyPayload: frame,
      frequencyHz,
      spreadingFactor,
      bandwidthHz: BEACON_BANDWIDTH_HZ,
      txPowerRequestedDdbm: txPowerDdbm,
      gatewayInterface: this.#gatewayInterface(),
      sentAtMs,
      ...said,
    };
  }

  #gatewayInterface(): GatewayInterface {
    const gateway = this.#modules.driver.gateways().find(({ eui }) => eui === this.#options.eui);
    return gateway?.gatewayInterface ?? 'semtech_udp';
  }

  async #note(planned: PlannedBeacon, intended: TransmissionReport, result: TransmitResult): Promise<SendOutcome> {
    const { reveals } = this.#modules;
    const { name } = planned;
    if (result.outcome === 'refused') {
      // What may be on the air all the same is revealed: its witnesses have done nothing wrong.
      if (result.maybeSent) return { sent: true, report: intended };
      await reveals.cancel(name);
      return { sent: false, reason: 'gateway_refused', detail: `${result.reason}: ${result.advice}` };
    }
    const { sentAtMs, actualPowerDdbm, gatewayTimeUs } = result;
    const isPower = actualPowerDdbm !== undefined && Math.abs(actualPowerDdbm) <= MAX_POWER_DDBM;
    const said = {
      ...(isPower ? { txPowerActualDdbm: actualPowerDdbm } : {}),
      ...(gatewayTimeUs === undefined ? {} : { gatewayTimeUs }),
    };
    const report = planned.toReport(this.#transmission(planned, sentAtMs, said));
    await reveals.confirm(name, report);
    return { sent: true, report };
  }
}

/** Conducted power at which the plan's EIRP limit is reached with the declared antenna. */
function maxConductedDdbm(radio: RadioDeclaration): Ddbm {
  return (REGION_PLANS[radio.regionPlan].maxEirpDdbm - radio.antennaGainDdbi) as Ddbm;
}
