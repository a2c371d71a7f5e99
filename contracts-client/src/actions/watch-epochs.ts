import type { PublicClient } from 'viem';
import type { Deployment } from '../chain/deployment.ts';
import { type ActivatedEpoch, listEpochs } from './list-epochs.ts';

/**
 * Every activation from now on, in order, until the signal aborts. Asks for ranges of blocks, so that an endpoint that was
 * away for a while loses none.
 */
export async function* watchEpochs(
  client: Pick<PublicClient, 'getContractEvents' | 'getBlockNumber' | 'watchBlockNumber'>,
  deployment: Deployment,
  stop: AbortSignal,
): AsyncGenerator<ActivatedEpoch> {
  let next = (await client.getBlockNumber({ cacheTime: 0 })) + 1n;
  while (!stop.aborted) {
    const latest = await blockFrom(client, next, stop);
    if (latest === undefined) return;
    yield* await listEpochs(client, deployment, { from: next, to: latest });
    next = latest + 1n;
  }
}

/** The newest block's number once it is at least `from`; undefined when stopped. */
function blockFrom(
  client: Pick<PublicClient, 'watchBlockNumber'>,
  from: bigint,
  stop: AbortSignal,
): Promise<bigint | undefined> {
  return new Promise((resolve) => {
    const end = (number: bigint | undefined): void => {
      unwatch();
      stop.removeEventListener('abort', onAbort);
      resolve(number);
    };
    const onAbort = (): void => end(undefined);
    // Errors of the endpoint are not the end: it is asked again.
    const unwatch = client.watchBlockNumber({
      onBlockNumber: (number) => {
        if (number >= from) end(number);
      },
      onError: () => undefined,
      emitOnBegin: false,
      poll: true,
    });
    if (stop.aborted) onAbort();
    else stop.addEventListener('abort', onAbort);
  });
}
