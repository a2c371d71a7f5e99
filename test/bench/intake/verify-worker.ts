/** One of the two threads that find out how many signatures this machine verifies. */
import { parentPort, workerData } from 'node:worker_threads';
import { fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import { decodeEnvelope, type Envelope, envelopeMessage } from '@sextant/firmware-bridge/protocol';
import { benchBatch, benchHotspots, NETWORK_ID } from './corpus.ts';

const SIGNATURES = 512;
const { seconds } = workerData as { seconds: number };

const hotspots = benchHotspots(4);
const signed = Array.from({ length: SIGNATURES }, (_, i) => {
  const decoded = decodeEnvelope(
    benchBatch(hotspots[i % 4] as (typeof hotspots)[number], i, 1, 1_700_000_000_000).envelope,
  );
  if (!decoded.ok) throw new Error('the corpus cannot be decoded');
  const { kind, payload, signature, signer }: Envelope = decoded.value;
  return { message: envelopeMessage(NETWORK_ID, kind, payload), signature, signer };
});

parentPort?.postMessage('ready');
parentPort?.once('message', () => {
  const start = performance.now();
  let verified = 0;
  while (performance.now() - start < 1_000 * seconds) {
    for (const { message, signature, signer } of signed) {
      if (!fastVerifySignature(signature, message, signer)) throw new Error('a good signature was refused');
    }
    verified += SIGNATURES;
  }
  parentPort?.postMessage((1_000 * verified) / (performance.now() - start));
});
