import { join } from 'node:path';
import type { Deployment } from '@sextant/contracts-client';
import type { EmissionSchedule } from '@sextant/contracts-client/encoding';
import type { Clock } from '@sextant/firmware-bridge/clock';
import { bytesToHex, hexToBytes, type Timing } from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { createPublicClient, http } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { EpochArchive } from '../judge/index.ts';
import type { RegistryJournal } from '../validator/registry-journal.ts';
import { archivedEpochs } from './agreed-epochs.ts';
import { ChainEndpoints, type Endpoint } from './chain-endpoints.ts';
import { soleVoter } from './collect-votes.ts';
import { RegistryReader } from './registry-reader.ts';
import { RegistryRecorder } from './registry-recorder.ts';
import { Settlement } from './settlement.ts';
import { SettlementLoop } from './settlement-loop.ts';
import { SettlementMetrics } from './settlement-metrics.ts';
import type { SettlementStatus } from './settlement-state.ts';
import { TransactionJournal } from './transaction-journal.ts';
import { TransactionSender } from './transaction-sender.ts';
import { VoteBook } from './vote-book.ts';

/** Which chain an oracle settles on, and how. */
export interface ChainOptions {
  /** JSON-RPC over HTTP. With two or more, two have to agree on everything that decides. */
  readonly rpcUrls: readonly string[];
  readonly deployment: Deployment;
  /** Blocks on top of a block before it counts as final. */
  readonly confirmations: number;
  /** Between two looks at the chain, milliseconds. */
  readonly pollMs: number;
  /** Blocks whose events are asked for at once. */
  readonly pageBlocks: number;
  /** A transaction that is in no block after this time is sent again with a higher fee, milliseconds. */
  readonly bumpAfterMs: number;
  /** Never more for a unit of gas, wei. */
  readonly maxFeePerGas: bigint;
  /** Post an epoch once more that the guardian has vetoed. */
  readonly repostVetoed: boolean;
}

export interface OpenSettlementModules {
  readonly archive: Pick<EpochArchive, 'findSummary' | 'findOwnerTotals'>;
  /** Which epochs the network has and what each may pay. */
  readonly schedule: EmissionSchedule;
  /** Private key of the validator's account, 32 bytes. */
  readonly chainKey: Uint8Array;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** Where owners' doings are recorded; absent where the rule set reads no hotspot registry. */
  readonly ownersLog?: { readonly journal: RegistryJournal; readonly timing: Timing };
}

export interface RunningSettlement {
  /** An epoch was closed: look now. */
  epochClosed(): void;
  status(): SettlementStatus;
  /** Resolves when nothing is being sent any more. */
  stop(): Promise<void>;
}

const RPC_TIMEOUT_MS = 10_000;

/** Starts settling. What it keeps lies in a folder for each deployment. Throws VoteBookError and JournalError. */
export async function openSettlement(
  dataDirectory: string,
  options: ChainOptions,
  modules: OpenSettlementModules,
): Promise<RunningSettlement> {
  const { archive, chainKey, clock, registry } = modules;
  const { deployment, confirmations, bumpAfterMs, maxFeePerGas, repostVetoed, pollMs } = options;
  const { chainId, contracts } = deployment;
  const logger = modules.logger.child({ part: 'settlement' });
  const folder = join(dataDirectory, 'settlement', `${chainId}-${contracts.distributor.toLowerCase()}`);
  const account = privateKeyToAccount(`0x${bytesToHex(chainKey)}`);
  const metrics = new SettlementMetrics(registry);
  const book = await VoteBook.open(join(folder, 'votes'));
  const journal = await TransactionJournal.open(join(folder, 'journal.json'));
  const ending = new AbortController();
  const endpoints = new ChainEndpoints(
    { chainId, confirmations },
    { endpoints: options.rpcUrls.map((url, index) => openEndpoint(url, index, ending.signal)), logger, metrics },
  );
  const sender = new TransactionSender(
    { chainId, maxFeePerGas, bumpAfterMs },
    { endpoints, account, journal, clock, logger, metrics },
  );
  const settlement = new Settlement(
    {
      deployment,
      account: hexToBytes(account.address.slice(2).toLowerCase()),
      schedule: modules.schedule,
      repostVetoed,
    },
    { endpoints, sender, clock, epochs: archivedEpochs(archive), votes: soleVoter(deployment, { account, book }) },
  );
  const loop = new SettlementLoop({ pollMs }, { settlement, clock, logger, metrics });
  logger.info({ chainId, distributor: contracts.distributor, account: account.address }, 'settling on a chain');
  loop.nudge();
  const { ownersLog } = modules;
  const recorder =
    ownersLog &&
    new RegistryRecorder(
      { timing: ownersLog.timing, retryMs: pollMs },
      {
        reader: new RegistryReader({ deployment, pageBlocks: options.pageBlocks }, { endpoints }),
        journal: ownersLog.journal,
        clock,
        logger,
        metrics,
      },
    );
  recorder?.start();
  return {
    epochClosed: () => loop.nudge(),
    status: () => loop.status,
    async stop() {
      const stopped = [loop.stop(), ...(recorder ? [recorder.stop()] : [])];
      ending.abort();
      await Promise.all(stopped);
      await book.close();
    },
  };
}

/** The URL may hold a key: log lines get the host and a number. */
function openEndpoint(url: string, index: number, ending: AbortSignal): Endpoint {
  const fetchFn: typeof fetch = (input, init) => {
    const signals = [ending, ...(init?.signal ? [init.signal] : [])];
    return fetch(input, { ...init, signal: AbortSignal.any(signals) });
  };
  const client = createPublicClient({ transport: http(url, { retryCount: 0, timeout: RPC_TIMEOUT_MS, fetchFn }) });
  return { name: `${index + 1}:${new URL(url).host}`, client };
}
