import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { type ComponentHealth, HEALTH_COMPONENTS, type HealthComponent, type HealthView } from '../../api/index.ts';
import { addBytesRoute, addJsonRoute } from '../route.ts';
import { HealthSchema } from '../schemas/operations.ts';

/** Why a component does not work, for the oracle's own log (strangers get fixed words), or undefined when it does. */
export type HealthProbe = () => Promise<string | undefined> | string | undefined;
export type HealthProbes = Readonly<Record<HealthComponent, HealthProbe>>;

const PROBE_MS = 2_000;
/** Without these nothing is admitted. */
const NEEDED: ReadonlySet<HealthComponent> = new Set(['ledger', 'broker']);

/** What strangers are told: what happens now. An operator finds the cause in the log. */
const DETAILS: Readonly<Record<HealthComponent, string>> = {
  ledger: 'The log cannot be written: reports are refused for now, and bridges keep them.',
  broker: 'The MQTT broker is not open: bridges keep their reports.',
  database: 'The database is away or being filled again from the log: reports are admitted meanwhile.',
  judge: 'The judge is behind the log: verdicts come late.',
};

export interface HealthModules {
  readonly health: HealthProbes;
  readonly registry: Registry;
  readonly logger: Logger;
}

export function addHealthRoutes(app: FastifyInstance, { health, registry, logger }: HealthModules): void {
  const troubles = new Map<HealthComponent, string>();
  addJsonRoute(app, {
    url: '/healthz',
    tag: 'operations',
    operationId: 'getHealth',
    summary: 'Whether reports are admitted, and what does not work',
    description: '200 while reports are admitted (`ok` or `degraded`), 503 with the same body when they are not.',
    answer: HealthSchema,
    statuses: [200, 503],
    async handle({ reply }) {
      const view = await readHealth(health, (component, trouble) => note(troubles, component, trouble, logger));
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

/** Logs what is new. */
function note(
  troubles: Map<HealthComponent, string>,
  component: HealthComponent,
  trouble: string | undefined,
  logger: Logger,
): void {
  const before = troubles.get(component);
  if (trouble === undefined) troubles.delete(component);
  else troubles.set(component, trouble);
  if (before === undefined && trouble !== undefined) logger.warn({ component, trouble }, 'a component does not work');
  if (before !== undefined && trouble === undefined) logger.info({ component }, 'a component works again');
}

/** Asks every component; one that does not answer in time does not work. */
async function readHealth(
  probes: HealthProbes,
  note: (component: HealthComponent, trouble: string | undefined) => void,
): Promise<HealthView> {
  const components = await Promise.all(
    HEALTH_COMPONENTS.map(async (component): Promise<ComponentHealth> => {
      const trouble = await findTrouble(probes[component]);
      note(component, trouble);
      return trouble === undefined ? { component, ok: true } : { component, ok: false, detail: DETAILS[component] };
    }),
  );
  const broken = components.filter(({ ok }) => !ok);
  const failing = broken.some(({ component }) => NEEDED.has(component));
  return { status: failing ? 'failing' : broken.length > 0 ? 'degraded' : 'ok', components };
}

async function findTrouble(ask: HealthProbe): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`it did not answer within ${PROBE_MS} ms`), PROBE_MS);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
