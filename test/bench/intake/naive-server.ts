/**
 * What one would write first: any MQTT broker, a subscriber that checks with node:crypto, and one INSERT a report. Its own
 * process, forked by the bench, with the oracle's own embedded PostgreSQL.
 */
import { createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import {
  decodeEnvelope,
  decodeReportBatch,
  encodeReceiptMessage,
  encodeReport,
  envelopeMessage,
  parseTopic,
  payloadHash,
  receiptTopic,
  reportTopic,
} from '@sextant/firmware-bridge/protocol';
import { EMBEDDED_POSTGRES_DEFAULTS, startEmbeddedPostgres } from '@sextant/oracle/store';
import { Aedes } from 'aedes';
import mqtt, { type MqttClient } from 'mqtt';
import pg from 'pg';
import { pino } from 'pino';
import { NETWORK_ID } from './corpus.ts';
import type { ServerOrder } from './server.ts';

const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
/** The server's database is reached by name; this one is always there. */
const DATABASE = 'postgres';

async function serve({ folder }: ServerOrder): Promise<void> {
  const postgres = await startEmbeddedPostgres(
    { ...EMBEDDED_POSTGRES_DEFAULTS, dataDirectory: folder },
    { logger: pino({ level: 'warn' }, pino.destination(2)) },
  );
  const pool = new pg.Pool({ ...postgres.address(), database: DATABASE });
  pool.on('error', () => undefined);
  await pool.query('CREATE TABLE reports (signer bytea, incarnation text, sequence bigint, number int, report bytea)');
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const subscriber = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`);
  subscriber.on('message', (topic, bytes) => void take(topic, bytes, pool, subscriber));
  await subscriber.subscribeAsync(reportTopic(NETWORK_ID, '+'), { qos: 1 });
  process.on('message', (message) => {
    if (message === 'measure') process.send?.({ cpuSeconds: 0, logSize: 0 });
    if (message === 'stop') void stop();
  });
  const stop = async (): Promise<void> => {
    await subscriber.endAsync(true);
    broker.close();
    server.close();
    await pool.end();
    await postgres.stop();
    process.disconnect();
  };
  process.send?.({ port });
}

async function take(topic: string, bytes: Buffer, pool: pg.Pool, subscriber: MqttClient): Promise<void> {
  const envelope = decodeEnvelope(new Uint8Array(bytes));
  const sender = parseTopic(topic);
  if (!envelope.ok || sender?.kind !== 'report') return;
  const { kind, payload, signer, signature } = envelope.value;
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, signer]), format: 'der', type: 'spki' });
  if (!verify(null, envelopeMessage(NETWORK_ID, kind, payload), key, signature)) return;
  const batch = decodeReportBatch(payload);
  if (!batch.ok) return;
  const { incarnation, sequence, reports } = batch.value;
  for (const [number, report] of reports.entries()) {
    await pool.query('INSERT INTO reports VALUES ($1, $2, $3, $4, $5)', [
      Buffer.from(signer),
      String(incarnation),
      sequence,
      number,
      Buffer.from(encodeReport(report)),
    ]);
  }
  const receipt = { kind: 'receipt', incarnation, sequence, payloadHash: payloadHash(payload) } as const;
  const message = encodeReceiptMessage({ ...receipt, leafIndex: 0, proof: [], checkpoint: Uint8Array.of(1) });
  subscriber.publish(receiptTopic(NETWORK_ID, sender.hotspotId), Buffer.from(message));
}

process.once('message', (order: ServerOrder) => {
  serve(order).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
