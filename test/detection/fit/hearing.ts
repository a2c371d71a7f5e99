import { climb } from './climb.ts';
import { logCumulative, logDensity } from './normal.ts';

/** What one receiver heard of one sender that stayed where it was. */
export interface HeardPair {
  /** Packets that were sent. */
  readonly packets: number;
  /** Of those it heard: EIRP less signal power, dB. */
  readonly lossesDb: readonly number[];
  /** What a law of path loss expects of the pair, dB. */
  readonly expectedLossDb: number;
}

/** How often packets are heard over a loss, and how levels vary on one link. */
export interface HearingFit {
  /** Mean loss over which half of what can be heard at all is heard, dB. */
  readonly middleDb: number;
  /** From packet to packet on one link, one standard deviation. */
  readonly fadingDb: number;
  /** Of the loss one packet is just heard over: spreading factors, noise. One standard deviation. */
  readonly thresholdDb: number;
  /** Part of packets that is heard however strong they are. */
  readonly best: number;
  /** Part of pairs in which nothing is ever heard, however strong. */
  readonly deaf: number;
}

const START: HearingFit = { middleDb: 145, fadingDb: 6, thresholdDb: 6, best: 0.9, deaf: 0.1 };
const STEPS: HearingFit = { middleDb: 4, fadingDb: 2, thresholdDb: 2, best: 0.04, deaf: 0.05 };
const LEAST: HearingFit = { middleDb: 80, fadingDb: 0.5, thresholdDb: 0.5, best: 0.3, deaf: 0 };
const MOST: HearingFit = { middleDb: 200, fadingDb: 20, thresholdDb: 20, best: 0.999, deaf: 0.5 };
/** Part of the first steps at which they end, and what none is taken for, in nats. */
const FINEST = 0.03;
const NO_GAIN = 0.01;
const STEP_DB = 1.5;
/** Mean losses that are integrated over. */
const LOSSES_DB = Array.from({ length: 87 }, (_, i) => 80 + STEP_DB * i);

/**
 * Maximum likelihood over all pairs and packets, heard or not. The mean loss of a pair is unknown, normal about what the law
 * expects, and integrated over; a packet's is that and its fading, and it is heard where its own threshold lies above.
 */
export function fitHearing(pairs: readonly HeardPair[], sigmaDb: number): HearingFit {
  const options = { steps: STEPS, least: LEAST, most: MOST, finest: FINEST, noGain: NO_GAIN };
  return climb<keyof HearingFit>(START, (at) => logLikelihood(pairs, sigmaDb, at), options);
}

function logLikelihood(pairs: readonly HeardPair[], sigmaDb: number, fit: HearingFit): number {
  const { best, deaf, fadingDb, middleDb, thresholdDb } = fit;
  const spreadDb = Math.hypot(fadingDb, thresholdDb);
  const missed = LOSSES_DB.map((loss) => Math.log(1 - best * Math.exp(logCumulative((middleDb - loss) / spreadDb))));
  const ofHeard = Math.log(best) - Math.log(fadingDb);
  let sum = 0;
  for (const { packets, lossesDb, expectedLossDb } of pairs) {
    const joint = LOSSES_DB.map((loss, i) => {
      let value = logDensity((loss - expectedLossDb) / sigmaDb) + (packets - lossesDb.length) * (missed[i] ?? 0);
      for (const one of lossesDb) value += logDensity((one - loss) / fadingDb);
      return value;
    });
    const most = Math.max(...joint);
    const total = joint.reduce((all, one) => all + Math.exp(one - most), 0);
    const evidence = most + Math.log((total * STEP_DB) / sigmaDb);
    if (lossesDb.length === 0) {
      sum += Math.log(deaf + (1 - deaf) * Math.exp(evidence));
      continue;
    }
    sum += Math.log(1 - deaf) + evidence;
    for (const one of lossesDb) sum += ofHeard + logCumulative((middleDb - one) / thresholdDb);
  }
  return sum;
}
