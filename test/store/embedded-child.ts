import { EMBEDDED_POSTGRES_DEFAULTS, StoreError, startEmbeddedPostgres } from '@sextant/oracle/store';
import { pino } from 'pino';

/**
 * An oracle's database holder as a process of its own, so that a test can kill it: options as JSON in the first argument, one
 * line of JSON out (`{ info, address }` or `{ code, facts }`), then it stays until SIGTERM.
 */
const options: unknown = JSON.parse(process.argv[2] ?? '{}');
try {
  const server = await startEmbeddedPostgres(
    { ...EMBEDDED_POSTGRES_DEFAULTS, dataDirectory: '', ...(options as object) },
    { logger: pino({ level: 'silent' }) },
  );
  const alive = setInterval(() => undefined, 60_000);
  process.once('SIGTERM', () => {
    clearInterval(alive);
    void server.stop();
  });
  console.log(JSON.stringify({ info: server.info(), address: server.address() }));
} catch (error) {
  if (!(error instanceof StoreError)) throw error;
  console.log(JSON.stringify({ code: error.code, facts: error.facts }));
}
