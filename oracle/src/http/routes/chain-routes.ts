import type { FastifyInstance } from 'fastify';
import type { ChainView } from '../../api/index.ts';
import { ApiProblem } from '../api-problem.ts';
import { addJsonRoute } from '../route.ts';
import { ChainSchema } from '../schemas/chain.ts';

/** `findChain`: the chain that is settled on; an oracle may be told of it while it runs. */
export function addChainRoutes(app: FastifyInstance, findChain: () => ChainView | undefined): void {
  addJsonRoute(app, {
    url: '/api/v1/chain',
    tag: 'network',
    operationId: 'getChain',
    summary: 'The chain this oracle settles on, and the contracts there',
    answer: ChainSchema,
    problems: ['no_chain'],
    handle({ reply }) {
      void reply.header('cache-control', 'no-cache');
      const chain = findChain();
      if (chain !== undefined) return chain;
      throw new ApiProblem(
        'no_chain',
        'This oracle settles on no chain: nothing can be claimed here. What was earned is under /api/v1/owners/{address}.',
      );
    },
  });
}
