/** What an owner tells us about one gateway, because the Semtech UDP protocol does not. */
export interface GatewaySettings {
  /** False for a gateway that must only listen. */
  readonly canTransmit: boolean;
  /**
   * `antenna_gain` in the forwarder's own configuration, whole dBi; 0 in every stock configuration. The forwarder
   * subtracts it from the `powe` we send, so `powe` = conducted power + this. It is *not* the gain of the antenna: that
   * one is in the hotspot's assertion, where the plan's EIRP limit is worked out. Subtracting one gain in both places
   * was a bug of Helium's (helium/blockchain-core#776).
   */
  readonly forwarderAntennaGainDbi: number;
  /**
   * True for every forwarder since packet_forwarder 4.0: it warns or refuses when it cannot use the power it was asked
   * for, so silence means that it used it. False: the power really used stays unknown.
   */
  readonly reportsPowerCorrections: boolean;
}

export const DEFAULT_GATEWAY_SETTINGS: GatewaySettings = {
  canTransmit: true,
  forwarderAntennaGainDbi: 0,
  reportsPowerCorrections: true,
};
