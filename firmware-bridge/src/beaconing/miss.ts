/** Why a transmission did not take place. A closed list. */
export const MISS_TEXTS = {
  no_assertion_in_force: 'the location claim is not in force yet: it takes effect two rounds after it is in the log',
  assertion_changing: 'a changed location claim takes effect about now: one round is left out to be safe',
  no_chain_anchor: 'the hash chain of this survey device is not in the log yet',
  cannot_transmit: 'the gateway is set to listen only',
  chain_used_up: 'the hash chain does not reach this round',
  nothing_legal: 'no channel, spreading factor and power of this gateway is legal under its region plan',
  certificate_late: 'the round was certified when its moment had passed',
  no_certificate: 'the running round has no certificate',
  too_late: 'this machine was too busy, or asleep, at the moment of the transmission',
  clock_off: "this machine's clock differs too much from the network's",
  gateway_absent: 'the gateway was not connected',
  airtime: 'the airtime this region allows was used up',
  storage_unavailable: 'the disk was full: nothing is sent that could not be revealed later',
  gateway_refused: 'the gateway refused to send it',
  no_fix: 'there was no usable position',
} as const;

export type MissReason = keyof typeof MISS_TEXTS;

export interface Miss {
  readonly reason: MissReason;
  /** More about this case, and what to do. */
  readonly detail?: string;
}
