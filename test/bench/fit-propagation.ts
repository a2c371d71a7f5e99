import { brnoObservations } from '../detection/fit/brno-observations.ts';
import { fitTobit } from '../detection/fit/tobit.ts';
import { readBrno } from '../detection/real/brno.ts';

const brno = readBrno();
if (brno)
  console.log(fitTobit(brnoObservations(brno), { receivers: 27, thresholdDbm: -137, deafShare: 0.13, shared: false }));
