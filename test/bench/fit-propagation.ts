/**
 * Fits the propagation numbers of rule set 2 to what was measured in Brno: `npm run fit:propagation`. Maximum likelihood of
 * a log-distance law with the non-receptions, and of how often packets are heard; prints what it finds beside what the rule
 * set has.
 */

import { PRODUCTION_TIMING, ruleSet2 } from '@sextant/oracle/core';
import { fitBrno } from '../detection/fit/fit-brno.ts';
import { BRNO_EIRP_DBM, readBrno } from '../detection/real/brno.ts';
import { formatTable } from '../network/progress/table.ts';

const brno = readBrno();
if (brno === undefined) {
  console.log('SKIPPED: the measured links lie in ../shared/data/brno beside the checkout; they are not here.');
} else {
  const { each, one, unheardLossDb, hearing, pairs } = fitBrno(brno);
  const { hearing: curve, propagation } = ruleSet2(PRODUCTION_TIMING);
  console.log(
    `${brno.points.length} points, ${brno.gateways.size} receivers: ${pairs.heard} pairs heard, ${pairs.silent} not.\n`,
  );
  const lossAtKm = (interceptDbm: number): string => (BRNO_EIRP_DBM - interceptDbm).toFixed(1);
  const rows = [
    ['', 'fitted', 'rule set 2'],
    ['an intercept for each receiver: n', each.exponent.toFixed(2), (propagation.exponentPercent / 100).toFixed(2)],
    ['  σ, dB', each.sigmaDb.toFixed(1), (propagation.sigmaDdb / 10).toFixed(1)],
    ['  loss at 1 km, dB', lossAtKm(each.interceptDbm), (propagation.lossAtKmDdb / 10).toFixed(1)],
    [
      '  spread of the intercepts, dB',
      each.interceptSigmaDb.toFixed(1),
      (propagation.interceptSigmaDdb / 10).toFixed(1),
    ],
    ['one intercept for all: n', one.exponent.toFixed(2), (propagation.newExponentPercent / 100).toFixed(2)],
    ['  σ, dB', one.sigmaDb.toFixed(1), (propagation.newSigmaDdb / 10).toFixed(1)],
    ['  loss at 1 km, dB', lossAtKm(one.interceptDbm), (propagation.newLossAtKmDdb / 10).toFixed(1)],
    ['nothing is heard over a loss of, dB', unheardLossDb.toFixed(1), (propagation.hearingLossDdb / 10).toFixed(1)],
    ['half is heard over a loss of, dB', hearing.middleDb.toFixed(1), (curve.middleLossDdb / 10).toFixed(1)],
    ['  spread, dB', Math.hypot(hearing.fadingDb, hearing.thresholdDb).toFixed(1), (curve.spreadDdb / 10).toFixed(1)],
    ['  of it fading, dB', hearing.fadingDb.toFixed(1), (curve.fadingDdb / 10).toFixed(1)],
    ['  heard at most, %', (100 * hearing.best).toFixed(0), curve.bestPercent.toFixed(0)],
    ['  pairs that never hear, %', (100 * hearing.deaf).toFixed(0), propagation.deafPercent.toFixed(0)],
  ];
  console.log(formatTable(rows, [1, 2]).join('\n'));
}
