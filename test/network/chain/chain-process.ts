import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDeployment, watchEpochs } from '@sextant/contracts-client';
import { verifyDeployment } from '@sextant/contracts-client/deploy';
import { type LocalChain, startLocalChain } from '@sextant/contracts-client/local-chain';
import { watchParent } from '@sextant/firmware-bridge/parent-watch';
import { createPublicClient, http, type PublicClient } from 'viem';
import type { ChainRequest } from './chain-messages.ts';
import { type OpenLocal, openDemoDeployment } from './demo-deployment.ts';
import { claimForOne, type DemoChain, registerOwners } from './demo-owners.ts';

/** The network's chain as a process of its own, at the lowest priority: nobody on the radio waits for it. */

const POLL_MS = 500;

const ending = new AbortController();
let local: LocalChain | undefined;
let opened: DemoChain | undefined;
/** One thing after the other: accounts count their transactions. */
let queue: Promise<unknown> = Promise.resolve();

const readerOf = (url: string): PublicClient =>
  createPublicClient({ transport: http(url), pollingInterval: POLL_MS, cacheTime: 0 });

const tell = (message: object): void => {
  if (process.connected) process.send?.(message);
};

async function openLocal(request: OpenLocal): Promise<DemoChain> {
  await mkdir(request.folder, { recursive: true });
  local = await startLocalChain({ port: request.port, stateFile: join(request.folder, 'state.json') });
  if (ending.signal.aborted) await local.stop();
  const { rpcUrl } = local;
  const reader = readerOf(rpcUrl);
  return { rpcUrl, reader, deployment: await openDemoDeployment(request, rpcUrl, reader) };
}

async function openRemote({
  rpcUrl,
  deploymentFile,
}: Extract<ChainRequest, { type: 'chain/open-remote' }>): Promise<DemoChain> {
  const reader = readerOf(rpcUrl);
  const deployment = parseDeployment(readFileSync(deploymentFile, 'utf8'));
  const findings = await verifyDeployment(reader, deployment);
  if (findings.length === 0) return { rpcUrl, reader, deployment };
  const what = findings.map(({ contract, fault }) => `${contract}: ${fault}`).join(', ');
  throw new Error(`${deploymentFile} does not fit what is on the chain (${what}). Deploy with sextant-deploy.`);
}

async function watch({ apiUrl, claimants }: Extract<ChainRequest, { type: 'chain/watch' }>): Promise<void> {
  const chain = theChain();
  let claiming = claimants;
  for await (const { epoch, minted } of watchEpochs(chain.reader, chain.deployment, ending.signal)) {
    tell({ type: 'chain/epoch-settled', epoch, minted: String(minted) });
    queue = queue.then(async () => {
      const claimed = await claimForOne(claiming, apiUrl, chain).catch((error: unknown) => console.error(error));
      if (!claimed) return;
      claiming = claimants.filter(({ hotspot }) => hotspot === claimed.hotspot);
      tell(claimed);
    });
  }
}

function theChain(): DemoChain {
  if (!opened) throw new Error('the chain is not open');
  return opened;
}

async function answer(request: ChainRequest & { readonly id: number }): Promise<void> {
  const { id } = request;
  switch (request.type) {
    case 'chain/open-local':
    case 'chain/open-remote': {
      opened = request.type === 'chain/open-local' ? await openLocal(request) : await openRemote(request);
      tell({ type: 'chain/opened', id, rpcUrl: opened.rpcUrl, deployment: opened.deployment });
      return;
    }
    case 'chain/register': {
      const registered = queue.then(() => registerOwners(request, theChain()));
      queue = registered.catch(() => undefined);
      tell({ type: 'chain/registered', id, registered: await registered });
      return;
    }
    case 'chain/watch':
      await watch(request);
      return;
  }
}

async function end(code: number): Promise<void> {
  ending.abort();
  await local?.stop();
  process.exit(code);
}

process.on('message', (request: ChainRequest & { readonly id: number }) => {
  answer(request).catch((error: unknown) => {
    if (ending.signal.aborted) return;
    console.error(error);
    tell({
      type: 'chain/failed',
      message: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
    });
    void end(1);
  });
});
process.on('SIGTERM', () => void end(0));
watchParent(() => void end(1));
