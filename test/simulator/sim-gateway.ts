import type { Clock } from '@sextant/firmware-bridge/clock';
import type { UnixMs } from '@sextant/firmware-bridge/protocol';
import { DEFAULT_FORWARDER_OPTIONS, type Emission, SemtechForwarder } from './semtech-forwarder.ts';
import type { Air, HeardFrame, Listener } from './world/air.ts';
import type { Antenna } from './world/propagation.ts';
import type { Random } from './world/random.ts';

export interface SimGatewayOptions {
  readonly eui: string;
  readonly model: 'sx1302' | 'sx1301';
  readonly gainDbi: number;
  /** Above what the forwarder says it used: an amplifier behind the connector. */
  readonly hiddenGainDb: number;
  readonly serverPort: number;
  /** Where it stands, now. */
  readonly antenna: () => Antenna;
}

interface SimGatewayModules {
  readonly clock: Clock;
  readonly air: Air;
  readonly random: Random;
  /** Sees every frame first; false keeps it from the forwarder. */
  readonly intercept?: (frame: HeardFrame) => boolean;
}

/** A gateway of the world: an antenna on the air, and a packet forwarder that speaks Semtech UDP to a bridge. */
export interface SimGateway extends Listener {
  readonly eui: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** It sends and hears nothing any more: its queue has no room for what it is told to send. */
  hush(): void;
  /** Makes the forwarder tell of a frame, whether the antenna heard it or not. */
  forward(frame: HeardFrame): void;
  /** Puts a frame on the air without anybody having asked. */
  emit(
    frame: Pick<Emission, 'phyPayload' | 'frequencyHz' | 'spreadingFactor' | 'bandwidthHz'>,
    airtimeMs: number,
  ): void;
}

const SEND_POWER_DBM = 14;

export function createSimGateway(options: SimGatewayOptions, modules: SimGatewayModules): SimGateway {
  const { clock, air, random } = modules;
  let isHushed = false;

  const onEmission = (emission: Emission): void => {
    // Gateways demodulate non-inverted IQ with a CRC only; anything else is for end devices.
    if (emission.invertedIq || !emission.crc) return;
    const { phyPayload, frequencyHz, spreadingFactor, bandwidthHz, startMs, endMs } = emission;
    const frame = { phyPayload, frequencyHz, spreadingFactor, bandwidthHz, startMs, endMs };
    clock.at(Math.ceil(endMs) as UnixMs, () => {
      air.send(frame, gateway, emission.powerDbm + options.gainDbi + options.hiddenGainDb);
    });
  };

  const forwarder = new SemtechForwarder(
    {
      ...DEFAULT_FORWARDER_OPTIONS,
      eui: options.eui,
      model: options.model,
      serverPort: options.serverPort,
      keepaliveMs: 5_000,
      counterStartUs: random.below(2 ** 32),
    },
    { clock, randomToken: () => random.below(0x10000), onEmission, hasRoomFor: () => !isHushed },
  );

  const gateway: SimGateway = {
    eui: options.eui,
    gainDbi: options.gainDbi,
    antenna: options.antenna,
    start: () => forwarder.start(),
    stop: () => forwarder.stop(),
    hush() {
      isHushed = true;
    },
    forward(frame) {
      if (!isHushed) forwarder.receive(frame);
    },
    hear(frame) {
      if (modules.intercept?.(frame) ?? true) gateway.forward(frame);
    },
    emit(frame, airtimeMs) {
      if (isHushed) return;
      const endMs = clock.now();
      air.send({ ...frame, startMs: endMs - airtimeMs, endMs }, gateway, SEND_POWER_DBM + options.gainDbi);
    },
  };
  air.join(gateway);
  return gateway;
}
