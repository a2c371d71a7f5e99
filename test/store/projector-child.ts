import { openDatabase, PROJECTOR_DEFAULTS, startProjector } from '@sextant/oracle/store';
import { pino } from 'pino';
import { GrowingLog, makeSample, resultSource } from './sample-network.ts';

/** Projects the sample into the database at the URL in the first argument, a few entries at a time, until it is killed. */
const logger = pino({ level: 'silent' });
const sample = makeSample(Number(process.argv[3]), Number(process.argv[4]));
const database = await openDatabase({ url: process.argv[2] ?? '', dataDirectory: '' }, { logger });
startProjector(
  { ...PROJECTOR_DEFAULTS, batchEntries: 8 },
  {
    database,
    ledgers: [new GrowingLog(sample.entries)],
    results: resultSource(sample.closed, sample.provisional),
    logger,
  },
);
