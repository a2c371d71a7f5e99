import type { Cancel, Clock } from '../../clock.ts';
import { type Ddbm, ddbm, type UnixMs } from '../../protocol/index.ts';
import type { GatewayState } from '../gateway-driver.ts';
import type { GatewayEui } from '../gateway-eui.ts';
import type { GatewaySettings } from './gateway-settings.ts';
import { MicrosecondCounter } from './microsecond-counter.ts';
import { PowerTable } from './power-table.ts';

/** Where a datagram came from and where an answer must go. */
export interface Remote {
  readonly address: string;
  readonly port: number;
}

/** What the driver remembers about one gateway that has settings. */
export interface KnownGateway {
  readonly eui: GatewayEui;
  readonly counter: MicrosecondCounter;
  powers: PowerTable;
  lastSeenMs: UnixMs;
  present: boolean;
  /** Source of the latest PULL_DATA: the only place a PULL_RESP reaches, for the forwarder has two sockets. */
  downlink?: Remote;
  downlinkSeenMs: number;
  /** Whether the latest frame carried GPS time; undefined before the first frame. */
  hasGpsTime?: boolean;
  readonly warned: Set<string>;
}

interface Options {
  /** A gateway that says nothing for this long is lost, and its downlink address worth nothing. */
  readonly expiryMs: number;
}

interface Modules {
  readonly clock: Clock;
  readonly onSeen: (eui: GatewayEui) => void;
  readonly onLost: (eui: GatewayEui) => void;
}

/** The gateways with settings that were seen: no stranger can make this grow. */
export class KnownGateways {
  readonly #options: Options;
  readonly #modules: Modules;
  readonly #byEui = new Map<GatewayEui, KnownGateway>();
  readonly #sweeps = new Map<GatewayEui, Cancel>();

  constructor(options: Options, modules: Modules) {
    this.#options = options;
    this.#modules = modules;
  }

  find(eui: GatewayEui): KnownGateway | undefined {
    return this.#byEui.get(eui);
  }

  /** Notes that a gateway with settings has spoken; what comes back is its memory. */
  heard(eui: GatewayEui): KnownGateway {
    const nowMs = this.#modules.clock.now();
    const known = this.#byEui.get(eui) ?? this.#create(eui, nowMs);
    known.lastSeenMs = nowMs;
    if (!known.present) {
      known.present = true;
      this.#watch(known);
      this.#modules.onSeen(eui);
    }
    return known;
  }

  /** The address for a PULL_RESP, if a PULL_DATA came lately. */
  downlinkOf(gateway: KnownGateway): Remote | undefined {
    const ageMs = this.#modules.clock.now() - gateway.downlinkSeenMs;
    return ageMs < this.#options.expiryMs ? gateway.downlink : undefined;
  }

  stateOf(gateway: KnownGateway, settings: GatewaySettings): GatewayState {
    return {
      eui: gateway.eui,
      gatewayInterface: 'semtech_udp',
      canTransmit: settings.canTransmit,
      connected: this.downlinkOf(gateway) !== undefined,
      lastSeenMs: gateway.lastSeenMs,
      powerLevelsDdbm: gateway.powers.levelsDbm().map((dbm): Ddbm => ddbm(dbm * 10)),
    };
  }

  all(): readonly KnownGateway[] {
    return [...this.#byEui.values()];
  }

  stop(): void {
    for (const cancel of this.#sweeps.values()) cancel();
    this.#sweeps.clear();
  }

  #create(eui: GatewayEui, nowMs: UnixMs): KnownGateway {
    const known: KnownGateway = {
      eui,
      counter: new MicrosecondCounter(),
      powers: new PowerTable(),
      lastSeenMs: nowMs,
      present: false,
      downlinkSeenMs: 0,
      warned: new Set(),
    };
    this.#byEui.set(eui, known);
    return known;
  }

  /** One timer a gateway: it fires when the gateway would be lost, and looks again if it has spoken since. */
  #watch(gateway: KnownGateway): void {
    const lostAtMs = (gateway.lastSeenMs + this.#options.expiryMs) as UnixMs;
    const cancel = this.#modules.clock.at(lostAtMs, () => {
      if (this.#modules.clock.now() - gateway.lastSeenMs < this.#options.expiryMs) this.#watch(gateway);
      else this.#lose(gateway);
    });
    this.#sweeps.set(gateway.eui, cancel);
  }

  /** Its configuration may be another one when it comes back: what was learned about its powers goes. */
  #lose(gateway: KnownGateway): void {
    this.#sweeps.delete(gateway.eui);
    gateway.present = false;
    gateway.powers = new PowerTable();
    this.#modules.onLost(gateway.eui);
  }
}
