import { BRNO_EIRP_DBM, type Brno } from '../real/brno.ts';
import { brnoObservations, brnoPairs } from './brno-observations.ts';
import { fitHearing, type HearingFit } from './hearing.ts';
import { fitTobit, type TobitFit } from './tobit.ts';

export interface BrnoFit {
  /** With an intercept for each receiver. */
  readonly each: TobitFit;
  /** With one for all. */
  readonly one: TobitFit;
  /** Over this loss both take a pair for unheard, dB. */
  readonly unheardLossDb: number;
  /** How often packets are heard over a loss. */
  readonly hearing: HearingFit;
  /** Pairs of test point and receiver. */
  readonly pairs: { readonly heard: number; readonly silent: number };
}

/** What is not heard: below the sensitivity at SF12, −174 + 10 log10(125 kHz) + 6 − 20 dBm. */
const THRESHOLD_DBM = -137;
/** Within 500 m 13 % of the pairs have no reception: a receiver is deaf that often, whatever the power. */
const DEAF_SHARE = 0.13;

/** The propagation numbers of rule set 2, from all points measured in Brno. */
export function fitBrno(brno: Brno): BrnoFit {
  const observations = brnoObservations(brno);
  const common = { receivers: brno.gateways.size, thresholdDbm: THRESHOLD_DBM, deafShare: DEAF_SHARE };
  const each = fitTobit(observations, { ...common, shared: false });
  const one = fitTobit(observations, { ...common, shared: true });
  const heard = observations.filter(({ espDbm }) => espDbm !== undefined).length;
  const pairs = { heard, silent: observations.length - heard };
  const hearing = fitHearing(brnoPairs(brno, each), each.sigmaDb);
  return { each, one, unheardLossDb: BRNO_EIRP_DBM - THRESHOLD_DBM, hearing, pairs };
}
