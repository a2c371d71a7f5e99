import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { type ComponentHealth, HEALTH_COMPONENTS, type HealthComponent, type HealthView } from '../../api/index.ts';
import { addBytesRoute, addJsonRoute } from '../route.ts';
import { HealthSchema } from '../schemas/operations.ts';

/** Why a component does not work and what happens now, or undefined when it does. */
export type HealthProbe = () => Promise<string | undefined> | string | undefined;
export type HealthProbes = Readonly<Record<HealthComponent, HealthProbe>>;

const PROBE_MS = 2_000;
/** Without these nothing is admitted. */
const NEEDED: ReadonlySet<HealthComponent> = new Set(['ledger', 'broker']);

export interface HealthModules {
  readonly health: HealthProbes;
  readonly registry: Registry;
}

export function addHealthRoutes(app: FastifyInstance, { health, registry }: HealthModules): void {
  addJsonRoute(app, {
    url: '/healthz',
    tag: 'operations',
    operationId: 'getHealth',
    summary: 'Whether reports are admitted, and what does not work',
    description: '200 while reports are admitted (`ok` or `degraded`), 503 with the same body when they are not.',
    answer: HealthSchema,
    statuses: [200, 503],
    async handle({ reply }) {
      const view = await readHealth(health);
      void reply.code(view.status === 'failing' ? 503 : 200).header('cache-control', 'no-store');
      return view;
    },
  });
  addBytesRoute(app, {
    url: '/metrics',
    tag: 'operations',
    operationId: 'getMetrics',
    summary: 'Figures for Prometheus',
    answers: { 200: 'text/plain' },
    async handle({ reply }) {
      return reply
        .type(registry.contentType)
        .header('cache-control', 'no-store')
        .send(await registry.metrics());
    },
  });
}

/** Asks every component; one that does not answer in time does not work. */
async function readHealth(probes: HealthProbes): Promise<HealthView> {
  const components = await Promise.all(HEALTH_COMPONENTS.map(async (name) => probe(name, probes[name])));
  const broken = components.filter(({ ok }) => !ok);
  const failing = broken.some(({ component }) => NEEDED.has(component));
  return { status: failing ? 'failing' : broken.length > 0 ? 'degraded' : 'ok', components };
}

async function probe(component: HealthComponent, ask: HealthProbe): Promise<ComponentHealth> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`It did not answer within ${PROBE_MS} ms.`), PROBE_MS);
  });
  try {
    const detail = await Promise.race([ask(), late]);
    return detail === undefined ? { component, ok: true } : { component, ok: false, detail };
  } catch {
    return { component, ok: false, detail: 'Asking it failed; the oracle’s log says why.' };
  } finally {
    clearTimeout(timer);
  }
}
