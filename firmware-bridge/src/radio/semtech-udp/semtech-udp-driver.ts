import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import type {
  GatewayDriver,
  GatewayListener,
  GatewayState,
  TransmitRequest,
  TransmitResult,
} from '../gateway-driver.ts';
import type { GatewayEui } from '../gateway-eui.ts';
import { ForwarderProtocol } from './forwarder-protocol.ts';
import type { GatewaySettings } from './gateway-settings.ts';
import { KnownGateways, type Remote } from './known-gateways.ts';
import { isLoopback } from './loopback.ts';
import { PendingAnswers } from './pending-answers.ts';
import { type Refusal, RefusalCounts } from './refusal-counts.ts';
import { refuseTransmit } from './transmit-advice.ts';
import { Transmitter } from './transmitter.ts';

export interface SemtechUdpOptions {
  /** IP address to listen on. Anything but loopback needs `allowRemoteGateways`. */
  readonly address: string;
  /** 1700 by custom; 0 = any free port. */
  readonly port: number;
  /** Semtech UDP has no authentication: with this, whoever reaches the port can speak for a gateway. */
  readonly allowRemoteGateways: boolean;
  /** How long a TX_ACK may take: forwarders drop what they dislike silently (gateway-rs also waits 5 s). */
  readonly answerTimeoutMs: number;
  /** A gateway silent for this long is lost: six keepalives of a stock configuration. */
  readonly gatewayExpiryMs: number;
}

export const DEFAULT_SEMTECH_UDP_OPTIONS: SemtechUdpOptions = {
  address: '127.0.0.1',
  port: 1700,
  allowRemoteGateways: false,
  answerTimeoutMs: 5_000,
  gatewayExpiryMs: 60_000,
};

export interface SemtechUdpModules {
  readonly clock: Clock;
  readonly logger: Logger;
  /** An unpredictable integer 0…65535. */
  readonly randomToken: () => number;
  /** The settings of a gateway that belongs to a hotspot; undefined for a stranger. Asked again for every datagram. */
  readonly settingsFor: (eui: GatewayEui) => GatewaySettings | undefined;
}

/** The driver cannot listen; the message says what to do. */
export class CannotListenError extends Error {
  override readonly name = 'CannotListenError';
  readonly code: 'address_not_loopback' | 'port_in_use' | 'address_unusable';

  constructor(code: CannotListenError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/**
 * Any number of packet forwarders on one UDP socket. One socket, because a forwarder accepts answers only from the
 * address and port it sends to.
 */
export class SemtechUdpDriver implements GatewayDriver {
  readonly #options: SemtechUdpOptions;
  readonly #modules: SemtechUdpModules;
  readonly #refusals: RefusalCounts;
  readonly #pending: PendingAnswers;
  #open: { readonly socket: Socket; readonly gateways: KnownGateways; readonly transmitter: Transmitter } | undefined;

  constructor(options: SemtechUdpOptions, modules: SemtechUdpModules) {
    this.#options = options;
    this.#modules = modules;
    this.#refusals = new RefusalCounts(modules.logger);
    this.#pending = new PendingAnswers(modules);
  }

  /** Rejects with CannotListenError. */
  async start(listener: GatewayListener): Promise<void> {
    const { address, allowRemoteGateways } = this.#options;
    if (!isLoopback(address)) {
      if (!allowRemoteGateways) throw notLoopback(address);
      this.#modules.logger.warn(
        { address },
        'listening for gateways beyond this machine: anyone there can imitate one',
      );
    }
    const socket = await listen(this.#options);
    const { clock, settingsFor } = this.#modules;
    const pending = this.#pending;
    const gateways = new KnownGateways(
      { expiryMs: this.#options.gatewayExpiryMs },
      { clock, onSeen: (eui) => listener.gatewaySeen(eui), onLost: (eui) => listener.gatewayLost(eui) },
    );
    const send = (datagram: Uint8Array, to: Remote, onFailure?: () => void): void =>
      this.#send(socket, datagram, to, onFailure);
    const transmitter = new Transmitter(this.#options, { clock, settingsFor, pending, gateways, send });
    const refusals = this.#refusals;
    const protocol = new ForwarderProtocol({ clock, settingsFor, pending, gateways, refusals, listener, reply: send });
    socket.on('message', (bytes, from) => protocol.handle(bytes, from));
    socket.on('error', (error) => this.#modules.logger.error({ err: error }, 'UDP socket'));
    this.#open = { socket, gateways, transmitter };
  }

  async stop(): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    this.#pending.stop();
    open.gateways.stop();
    const closed = once(open.socket, 'close');
    open.socket.close();
    await closed;
  }

  async transmit(eui: GatewayEui, request: TransmitRequest): Promise<TransmitResult> {
    return this.#open === undefined ? refuseTransmit('stopped') : this.#open.transmitter.transmit(eui, request);
  }

  gateways(): readonly GatewayState[] {
    const gateways = this.#open?.gateways;
    if (gateways === undefined) return [];
    return gateways.all().flatMap((gateway) => {
      const settings = this.#modules.settingsFor(gateway.eui);
      return settings === undefined ? [] : [gateways.stateOf(gateway, settings)];
    });
  }

  refusals(): ReadonlyMap<Refusal, number> {
    return this.#refusals.counts();
  }

  /** The port it listens on. Throws when it is not started. */
  port(): number {
    if (this.#open === undefined) throw new Error('the driver is not started');
    return this.#open.socket.address().port;
  }

  /** A closed socket or an address that cannot be sent to (a forged source port 0) is a failure like any other. */
  #send(socket: Socket, datagram: Uint8Array, to: Remote, onFailure?: () => void): void {
    const failed = (error: unknown): void => {
      this.#modules.logger.debug({ err: error, to }, 'could not send');
      onFailure?.();
    };
    try {
      socket.send(datagram, to.port, to.address, (error) => {
        if (error !== null) failed(error);
      });
    } catch (error) {
      failed(error);
    }
  }
}

/** Node reads datagrams of any size UDP allows, 65,507 bytes of payload. */
async function listen({ address, port }: SemtechUdpOptions): Promise<Socket> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  try {
    const listening = once(socket, 'listening');
    socket.bind(port, address);
    await listening;
    return socket;
  } catch (error) {
    socket.close();
    throw cannotListen(address, port, error);
  }
}

function cannotListen(address: string, port: number, error: unknown): CannotListenError {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    const message =
      `UDP port ${port} on ${address} is in use, probably by another bridge or a LoRaWAN server. Stop it, or choose ` +
      'another port here and set serv_port_up and serv_port_down of the packet forwarder to the same.';
    return new CannotListenError('port_in_use', message, error);
  }
  const message = `Cannot listen on UDP ${address} port ${port}: use an IP address of this machine, normally 127.0.0.1.`;
  return new CannotListenError('address_unusable', message, error);
}

function notLoopback(address: string): CannotListenError {
  return new CannotListenError(
    'address_not_loopback',
    `${address} is not a loopback address. Semtech UDP has no authentication: whoever reaches the port can invent ` +
      'packets of your gateway. Run the bridge on the gateway and use 127.0.0.1, or allow remote gateways explicitly.',
  );
}
