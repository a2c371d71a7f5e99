import type { FastifyInstance } from 'fastify';
import { addJsonRoute } from '../route.ts';
import { NetworkSchema } from '../schemas/network.ts';
import type { NetworkViews } from '../views/network-views.ts';

export function addNetworkRoutes(app: FastifyInstance, views: NetworkViews): void {
  addJsonRoute(app, {
    url: '/api/v1/network',
    tag: 'network',
    operationId: 'getNetwork',
    summary: 'The network: time grid, validators, running round and epoch, counts',
    answer: NetworkSchema,
    problems: ['database_unavailable'],
    async handle({ reply }) {
      void reply.header('cache-control', 'no-cache');
      return views.network();
    },
  });
}
