import { PRODUCTION_TIMING, ruleSet2 } from '@sextant/oracle/core';
import { describe, expect, it } from 'vitest';
import { isFullRun } from '../../support/runs.ts';
import { BRNO_EIRP_DBM, readBrno } from '../real/brno.ts';
import { fitBrno } from './fit-brno.ts';

const brno = readBrno();
const notFull = isFullRun ? '' : ' (skipped: only in npm run test:long)';
const skipped = brno ? notFull : ' (the data are not here)';

describe.skipIf(brno === undefined || !isFullRun)(`the propagation numbers of rule set 2${skipped}`, () => {
  it('are those that fit what was measured in Brno', () => {
    if (!brno) return;
    const { each, one, unheardLossDb, hearing } = fitBrno(brno);
    const { hearing: curve, propagation } = ruleSet2(PRODUCTION_TIMING);
    const lossDdb = (interceptDbm: number): number => Math.round(10 * (BRNO_EIRP_DBM - interceptDbm));
    const spreadDb = Math.hypot(hearing.fadingDb, hearing.thresholdDb);
    const pairs: readonly (readonly [number, number])[] = [
      [propagation.exponentPercent, Math.round(100 * each.exponent)],
      [propagation.sigmaDdb, Math.round(10 * each.sigmaDb)],
      [propagation.lossAtKmDdb, lossDdb(each.interceptDbm)],
      [propagation.interceptSigmaDdb, Math.round(10 * each.interceptSigmaDb)],
      [propagation.newExponentPercent, Math.round(100 * one.exponent)],
      [propagation.newSigmaDdb, Math.round(10 * one.sigmaDb)],
      [propagation.newLossAtKmDdb, lossDdb(one.interceptDbm)],
      [propagation.hearingLossDdb, Math.round(10 * unheardLossDb)],
      [propagation.deafPercent, Math.round(100 * hearing.deaf)],
      [curve.middleLossDdb, Math.round(10 * hearing.middleDb)],
      [curve.spreadDdb, Math.round(10 * spreadDb)],
      [curve.fadingDdb, Math.round(10 * hearing.fadingDb)],
      [curve.bestPercent, Math.round(100 * hearing.best)],
    ];
    expect(pairs.map(([own]) => own)).toEqual(pairs.map(([, fitted]) => fitted));
  }, 300_000);
});
