import { parentPort, workerData } from 'node:worker_threads';
import { fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import { judgeEnvelope } from './judge-envelope.ts';
import { decodeJob, encodeJudgements } from './verification-job.ts';

/** Entry of a signature worker thread: jobs in, judgements out, in order. */
const { networkId } = workerData as { networkId: string };

parentPort?.on('message', (job: ArrayBuffer) => {
  const judgements = decodeJob(job).map((message) => judgeEnvelope(message, networkId, fastVerifySignature));
  const result = encodeJudgements(judgements);
  parentPort?.postMessage(result, [result]);
});
