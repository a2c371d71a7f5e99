import type { Clock } from '@sextant/firmware-bridge/clock';
import { ddb, ddbm, hertz } from '@sextant/firmware-bridge/protocol';
import type {
  GatewayDriver,
  GatewayEui,
  GatewayListener,
  GatewayReading,
  GatewayState,
  GatewayWarning,
  ReceivedFrame,
  TransmitRequest,
  TransmitResult,
} from '@sextant/firmware-bridge/radio';

export interface Transmitted {
  readonly eui: GatewayEui;
  readonly request: TransmitRequest;
  readonly atMs: number;
}

/** A radio driver whose gateways are the test's: always there, hearing what they are told, sending into a list. */
export class FakeDriver implements GatewayDriver {
  readonly transmitted: Transmitted[] = [];
  readonly absent = new Set<GatewayEui>();
  /** What the gateways answer; by default the frame is sent at the power asked for. */
  respond: (transmitted: Transmitted) => TransmitResult | Promise<TransmitResult>;
  readonly #clock: Clock;
  readonly #euis: readonly GatewayEui[];
  #listener: GatewayListener | undefined;

  constructor(clock: Clock, euis: readonly GatewayEui[]) {
    this.#clock = clock;
    this.#euis = euis;
    this.respond = ({ request }) => ({
      outcome: 'sent',
      sentAtMs: clock.now(),
      actualPowerDdbm: request.txPowerDdbm,
      gatewayTimeUs: 1_000 * this.transmitted.length,
    });
  }

  async start(listener: GatewayListener): Promise<void> {
    this.#listener = listener;
    for (const eui of this.#euis) listener.gatewaySeen(eui);
  }

  async stop(): Promise<void> {
    this.#listener = undefined;
  }

  async transmit(eui: GatewayEui, request: TransmitRequest): Promise<TransmitResult> {
    const transmitted = { eui, request, atMs: this.#clock.now() };
    this.transmitted.push(transmitted);
    return this.respond(transmitted);
  }

  gateways(): readonly GatewayState[] {
    return this.#euis.map((eui) => ({
      eui,
      gatewayInterface: 'semtech_udp',
      canTransmit: true,
      connected: !this.absent.has(eui),
      lastSeenMs: this.#clock.now(),
      powerLevelsDdbm: [],
    }));
  }

  refusals(): ReadonlyMap<string, number> {
    return new Map();
  }

  /** A frame arrives at a gateway. */
  hear(eui: GatewayEui, phyPayload: Uint8Array, more: Partial<ReceivedFrame> = {}): void {
    this.#listener?.frameReceived({
      eui,
      phyPayload,
      frequencyHz: hertz(868_100_000),
      spreadingFactor: 9,
      bandwidthHz: hertz(125_000),
      rssiChannelDdbm: ddbm(-1_010),
      rssiSignalDdbm: ddbm(-1_050),
      snrDdb: ddb(-35),
      receivedAtMs: this.#clock.now(),
      gatewayTimeUs: 1_000 * this.#clock.now(),
      ...more,
    });
  }

  say(reading: GatewayReading): void {
    this.#listener?.statusReceived(reading);
  }

  warn(warning: GatewayWarning): void {
    this.#listener?.warned(warning);
  }
}
