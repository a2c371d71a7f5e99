/**
 * How the two packet forwarders of the field differ. Observed with the unmodified programs sx1302_hal V2.1.0 and
 * packet_forwarder 4.0.1, and read in their lora_pkt_fwd.c and jitqueue.c.
 */
export interface ForwarderModel {
  /** `jver`, `rssis`, `foff` and `mid` in every packet. */
  readonly tellsSignalRssi: boolean;
  /** Sends at another level of its gain table and warns, or refuses what is not in the table. */
  readonly correctsPower: boolean;
  /** A request for a radio that must not transmit: dropped silently, or refused with TX_FREQ. */
  readonly silentWhenTxDisabled: boolean;
  /** From the request to the air, for "immediate" frames. */
  readonly immediateDelayMs: number;
  /** Conducted dBm of the stock gain table, ascending. */
  readonly gainTableDbm: readonly number[];
}

export const FORWARDER_MODELS = {
  // global_conf.json.sx1250.EU868
  sx1302: {
    tellsSignalRssi: true,
    correctsPower: true,
    silentWhenTxDisabled: true,
    immediateDelayMs: 80,
    gainTableDbm: [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27],
  },
  // lora_pkt_fwd/cfg/global_conf.json.PCB_E336.EU868.basic: tx_lut_0 … tx_lut_15
  sx1301: {
    tellsSignalRssi: false,
    correctsPower: false,
    silentWhenTxDisabled: false,
    immediateDelayMs: 1000,
    gainTableDbm: [-6, -3, 0, 3, 6, 10, 11, 12, 13, 14, 16, 20, 23, 25, 26, 27],
  },
} as const satisfies Record<string, ForwarderModel>;
export type ForwarderModelName = keyof typeof FORWARDER_MODELS;
