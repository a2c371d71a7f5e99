import { ApiProblem } from './api-problem.ts';

export const noSuchEpoch = (epoch: number | string): ApiProblem =>
  new ApiProblem('unknown_epoch', `Epoch ${epoch} has not closed here. GET /api/v1/epochs lists those that have.`);
