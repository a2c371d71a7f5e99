import { logCumulative, logDensity } from './normal.ts';

/** What one receiver made of one sender: a level, or nothing. */
export interface Observation {
  /** Number of the receiver. */
  readonly receiver: number;
  readonly log10Km: number;
  /** Power of the signal, dBm; undefined: not heard. */
  readonly espDbm?: number;
}

/** P = intercept − 10 n log10(km) + N(0, σ), heard where it is above the threshold and the receiver is not deaf. */
export interface TobitFit {
  readonly exponent: number;
  readonly sigmaDb: number;
  /** Mean over the receivers, dBm at 1 km. */
  readonly interceptDbm: number;
  /** Spread of the receivers' intercepts; 0 where they share one. */
  readonly interceptSigmaDb: number;
  /** The likeliest of each receiver. */
  readonly interceptsDbm: readonly number[];
  readonly logLikelihood: number;
}

export interface TobitOptions {
  readonly receivers: number;
  /** Signals below are not heard, dBm. */
  readonly thresholdDbm: number;
  /** Part of what is above it that is not heard all the same: busy or broken receivers. */
  readonly deafShare: number;
  /** One intercept for all receivers instead of one for each. */
  readonly shared: boolean;
}

/** Intercepts tried, dBm at 1 km: a receiver's is known to a dB or two at best. */
const INTERCEPTS_DBM = Array.from({ length: 91 }, (_, i) => -165 + i);

/**
 * Maximum likelihood with the non-receptions (Tobin 1958): a fit of what was received alone takes the slope for half of
 * what it is, because far off only lucky links are seen. Receivers' intercepts are N(m, τ²), integrated over, so that a
 * receiver with few links borrows from the others; m and τ are at their best for every n and σ tried.
 */
export function fitTobit(observations: readonly Observation[], options: TobitOptions): TobitFit {
  const groups = groupOf(observations, options);
  const interceptsOf = ([exponent = 0, logSigma = 0]: readonly number[]): Intercepts => {
    const slope = { exponent, sigmaDb: Math.exp(logSigma), ...options };
    const likelihoods = groups.map((group) => INTERCEPTS_DBM.map((intercept) => likelihood(group, intercept, slope)));
    return options.shared ? sharedIntercept(likelihoods[0] ?? []) : randomIntercepts(likelihoods);
  };
  const best = minimise((at) => -interceptsOf(at).logLikelihood, [3, Math.log(14)], [0.3, 0.15]);
  const { means, mean, sigma, logLikelihood } = interceptsOf(best);
  const [exponent = 0, logSigma = 0] = best;
  return {
    exponent,
    sigmaDb: Math.exp(logSigma),
    interceptDbm: mean,
    interceptSigmaDb: sigma,
    interceptsDbm: Array.from({ length: options.receivers }, (_, i) => means[i] ?? mean),
    logLikelihood,
  };
}

function groupOf(observations: readonly Observation[], { receivers, shared }: TobitOptions): readonly Observation[][] {
  if (shared) return [[...observations]];
  const groups: Observation[][] = Array.from({ length: receivers }, () => []);
  for (const one of observations) groups[one.receiver]?.push(one);
  return groups;
}

interface Slope {
  readonly exponent: number;
  readonly sigmaDb: number;
  readonly thresholdDbm: number;
  readonly deafShare: number;
}

function likelihood(group: readonly Observation[], intercept: number, slope: Slope): number {
  const { deafShare, exponent, sigmaDb, thresholdDbm } = slope;
  let sum = 0;
  for (const { espDbm, log10Km } of group) {
    const mean = intercept - 10 * exponent * log10Km;
    if (espDbm === undefined) {
      const below = Math.exp(logCumulative((thresholdDbm - mean) / sigmaDb));
      sum += Math.log(deafShare + (1 - deafShare) * below);
    } else sum += logDensity((espDbm - mean) / sigmaDb) - Math.log(sigmaDb) + Math.log(1 - deafShare);
  }
  return sum;
}

interface Intercepts {
  /** By receiver; empty where they share one. */
  readonly means: readonly number[];
  readonly mean: number;
  readonly sigma: number;
  readonly logLikelihood: number;
}

function sharedIntercept(likelihoods: readonly number[]): Intercepts {
  const most = Math.max(...likelihoods);
  const k = likelihoods.indexOf(most);
  // The top of the parabola through the best and its neighbours.
  const [before = most, after = most] = [likelihoods[k - 1], likelihoods[k + 1]];
  const curve = before - 2 * most + after;
  const shift = curve === 0 ? 0 : (before - after) / (2 * curve);
  return { means: [], mean: (INTERCEPTS_DBM[k] ?? 0) + shift, sigma: 0, logLikelihood: most };
}

/** m and τ by expectation and maximisation (Dempster, Laird and Rubin 1977). */
function randomIntercepts(likelihoods: readonly (readonly number[])[]): Intercepts {
  let found: Intercepts = { means: [], mean: -115, sigma: 12, logLikelihood: 0 };
  for (let round = 0; round < 60; round++) {
    const posteriors = likelihoods.map((row) => posterior(row, found));
    const means = posteriors.map((one) => one.mean);
    const mean = means.reduce((sum, one) => sum + one, 0) / means.length;
    const square = posteriors.reduce((sum, one) => sum + one.variance + (one.mean - mean) ** 2, 0) / means.length;
    const logLikelihood = posteriors.reduce((sum, one) => sum + one.logEvidence, 0);
    const isDone = Math.abs(logLikelihood - found.logLikelihood) < 1e-4;
    found = { means, mean, sigma: Math.sqrt(square), logLikelihood };
    if (isDone) break;
  }
  return found;
}

function posterior(row: readonly number[], { mean, sigma }: Pick<Intercepts, 'mean' | 'sigma'>) {
  const joint = row.map((one, k) => one + logDensity(((INTERCEPTS_DBM[k] ?? 0) - mean) / sigma) - Math.log(sigma));
  const most = Math.max(...joint);
  const weights = joint.map((one) => Math.exp(one - most));
  const total = weights.reduce((sum, one) => sum + one, 0);
  const moment = (power: number, about: number): number =>
    weights.reduce((sum, weight, k) => sum + weight * ((INTERCEPTS_DBM[k] ?? 0) - about) ** power, 0) / total;
  const at = moment(1, 0);
  return { mean: at, variance: moment(2, at), logEvidence: most + Math.log(total) };
}

/** Nelder and Mead 1965 in two dimensions, until the simplex is a thousandth wide. */
function minimise(
  f: (x: readonly number[]) => number,
  start: readonly [number, number],
  step: readonly [number, number],
): readonly number[] {
  const [x, y] = start;
  let simplex = [
    [x, y],
    [x + step[0], y],
    [x, y + step[1]],
  ].map((at) => ({ at, value: f(at) }));
  const between = (a: readonly number[], b: readonly number[], part: number): number[] =>
    a.map((value, i) => value + part * ((b[i] ?? 0) - value));
  for (let i = 0; i < 200; i++) {
    simplex = simplex.sort((a, b) => a.value - b.value);
    const [best, middle, worst] = simplex;
    if (!best || !middle || !worst) break;
    if (Math.max(...worst.at.map((value, k) => Math.abs(value - (best.at[k] ?? 0)))) < 1e-3) break;
    const centre = between(best.at, middle.at, 0.5);
    const tried = (part: number) => {
      const at = between(centre, worst.at, part);
      return { at, value: f(at) };
    };
    const reflected = tried(-1);
    if (reflected.value < best.value) {
      const expanded = tried(-2);
      simplex[2] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < middle.value) simplex[2] = reflected;
    else {
      const contracted = tried(0.5);
      if (contracted.value < worst.value) simplex[2] = contracted;
      else simplex = simplex.map(({ at }) => between(best.at, at, 0.5)).map((at) => ({ at, value: f(at) }));
    }
  }
  return simplex.sort((a, b) => a.value - b.value)[0]?.at ?? start;
}
