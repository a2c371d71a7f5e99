import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Every figure the intake shows on `/metrics`. */
export function createIntakeMetrics(registry: Registry) {
  const registers = [registry];
  return {
    batchesReceipted: new Counter({
      name: 'sextant_intake_batches_receipted_total',
      help: 'Batches logged and receipted for the first time',
      registers,
    }),
    reportsReceipted: new Counter({
      name: 'sextant_intake_reports_receipted_total',
      help: 'Reports in those batches',
      registers,
    }),
    repeats: new Counter({
      name: 'sextant_intake_repeats_total',
      help: 'Batches that were in the log already and got the receipt they have',
      registers,
    }),
    refusals: new Counter({
      name: 'sextant_intake_refusals_total',
      help: 'Batches refused, by reason',
      labelNames: ['reason'],
      registers,
    }),
    logins: new Counter({
      name: 'sextant_broker_logins_total',
      help: 'MQTT logins, by outcome: accepted, or why not',
      labelNames: ['outcome'],
      registers,
    }),
    forbidden: new Counter({
      name: 'sextant_broker_forbidden_total',
      help: 'Publishes and subscriptions a participant is not allowed',
      labelNames: ['access'],
      registers,
    }),
    cutConnections: new Counter({
      name: 'sextant_broker_cut_connections_total',
      help: 'Connections cut by the guard, by reason',
      labelNames: ['reason'],
      registers,
    }),
    sessions: new Gauge({ name: 'sextant_broker_sessions', help: 'Participants logged in now', registers }),
    queued: new Gauge({ name: 'sextant_intake_queued', help: 'Messages waiting for a signature worker', registers }),
    receiptSeconds: new Histogram({
      name: 'sextant_intake_receipt_seconds',
      help: 'From the arrival of a batch to its receipt, seconds',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
      registers,
    }),
  };
}

export type IntakeMetrics = ReturnType<typeof createIntakeMetrics>;
