/** Parts of an oracle that can fail by themselves. Without `ledger` and `broker` nothing is admitted. */
export const HEALTH_COMPONENTS = ['ledger', 'broker', 'database', 'judge'] as const;
export type HealthComponent = (typeof HEALTH_COMPONENTS)[number];

export interface ComponentHealth {
  readonly component: HealthComponent;
  readonly ok: boolean;
  /** What happens now; the cause is in the oracle's own log. */
  readonly detail?: string;
}

/**
 * `GET /healthz`: 200 while reports are admitted (`ok`, or `degraded`: something that can wait does not work), 503 when they
 * are not (`failing`).
 */
export interface HealthView {
  readonly status: 'ok' | 'degraded' | 'failing';
  readonly components: readonly ComponentHealth[];
}
