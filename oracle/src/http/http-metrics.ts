import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Every figure of the HTTP server on `/metrics`. */
export function createHttpMetrics(registry: Registry) {
  const registers = [registry];
  return {
    requestSeconds: new Histogram({
      name: 'sextant_http_request_seconds',
      help: 'Answers by route and status, seconds until the last byte was handed over',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.005, 0.02, 0.05, 0.15, 0.5, 2, 10],
      registers,
    }),
    problems: new Counter({
      name: 'sextant_http_problems_total',
      help: 'Answers with a problem, by its code',
      labelNames: ['code'],
      registers,
    }),
    liveClients: new Gauge({ name: 'sextant_http_live_clients', help: 'Listeners of the live stream now', registers }),
    liveEvents: new Counter({
      name: 'sextant_http_live_events_total',
      help: 'Live events by name',
      labelNames: ['event'],
      registers,
    }),
    liveDropped: new Counter({
      name: 'sextant_http_live_dropped_total',
      help: 'Listeners of the live stream that were cut off, by reason',
      labelNames: ['reason'],
      registers,
    }),
  };
}

export type HttpMetrics = ReturnType<typeof createHttpMetrics>;
