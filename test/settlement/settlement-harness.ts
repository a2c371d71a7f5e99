import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Deployment, findPostedEpoch, listEpochs } from '@sextant/contracts-client';
import { deployContracts, parseDeployConfig } from '@sextant/contracts-client/deploy';
import { createOwnerTree, type OwnerLeaf } from '@sextant/contracts-client/encoding';
import { type LocalChain, PUBLIC_TEST_MNEMONIC, startLocalChain } from '@sextant/contracts-client/local-chain';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import { type ChainOptions, openSettlement, type RunningSettlement } from '@sextant/oracle/settlement';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import {
  type Account,
  type Address,
  type Chain,
  createPublicClient,
  createTestClient,
  createWalletClient,
  type Hex,
  http,
  type PublicClient,
  parseGwei,
  type TestClient,
  type Transport,
  type WalletClient,
} from 'viem';
import { mnemonicToAccount, privateKeyToAccount } from 'viem/accounts';

const EPOCH_SECONDS = 60;
const EPOCHS = 20;
const VETO_SECONDS = 1;
const TOKEN = 10n ** 18n;

/** Of the network whose epochs are settled. */
export const SCHEDULE = {
  genesisMs: Date.now() - EPOCHS * EPOCH_SECONDS * 1_000,
  epochMs: EPOCH_SECONDS * 1_000,
  emissionPerDay: TOKEN * 10n ** 6n,
  halvingDays: 730,
};

/** The only validator's key. */
const CHAIN_KEY = new Uint8Array(32).fill(0x51);
const validator = privateKeyToAccount(`0x${bytesToHex(CHAIN_KEY)}`);
const account = (index: number) => mnemonicToAccount(PUBLIC_TEST_MNEMONIC, { addressIndex: index });

const silent = pino({ level: process.env['SETTLEMENT_LOG'] ?? 'silent' });

type Modules = Parameters<typeof openSettlement>[2];

/** What else a process may be opened with. */
export type OpenedWith = Partial<Pick<Modules, 'logger' | 'registry' | 'ownersLog' | 'schedule'>>;

type AccountWallet = WalletClient<Transport, Chain | undefined, Account>;

/** What a journal says of the transaction that is on its way. */
export interface JournalView {
  readonly open?: {
    readonly call: string;
    readonly nonce: number;
    readonly tries: readonly { readonly hash: Hex; readonly maxFeePerGas: string }[];
  };
}

/** A chain of its own with the contracts, an archive of closed epochs, and settlements that are started and stopped. */
export class SettlementHarness {
  readonly chain: LocalChain;
  readonly deployment: Deployment;
  readonly folder: string;
  readonly #summaries: Uint8Array[] = [];
  readonly #owners: (readonly OwnerLeaf[])[] = [];
  readonly #running = new Set<RunningSettlement>();

  private constructor(chain: LocalChain, deployment: Deployment, folder: string) {
    this.chain = chain;
    this.deployment = deployment;
    this.folder = folder;
  }

  static async start(): Promise<SettlementHarness> {
    const chain = await startLocalChain({ accounts: 5 });
    const transport = http(chain.rpcUrl, { retryCount: 0 });
    const wallet = createWalletClient({ transport, account: account(0) });
    const reader = createPublicClient({ transport, pollingInterval: 20 });
    await createTestClient({ transport, mode: 'anvil' }).setBalance({ address: validator.address, value: 10n ** 20n });
    const deployment = await deployContracts(parseDeployConfig(deployConfig()), { reader, wallet });
    return new SettlementHarness(chain, deployment, await mkdtemp(join(tmpdir(), 'settlement-')));
  }

  get reader(): PublicClient {
    return createPublicClient({ transport: http(this.chain.rpcUrl, { retryCount: 0 }), pollingInterval: 20 });
  }

  get control(): TestClient {
    return createTestClient({ transport: http(this.chain.rpcUrl, { retryCount: 0 }), mode: 'anvil' });
  }

  get validator(): Address {
    return validator.address;
  }

  /** Signs with the validator's key, outside of settlement. */
  get validatorsWallet(): AccountWallet {
    return createWalletClient({ transport: http(this.chain.rpcUrl, { retryCount: 0 }), account: validator });
  }

  /** Of one of the chain's accounts that nobody else uses: 3 and 4. */
  ownersWallet(index: number): AccountWallet {
    return createWalletClient({ transport: http(this.chain.rpcUrl, { retryCount: 0 }), account: account(index) });
  }

  get guardiansWallet(): AccountWallet {
    return createWalletClient({ transport: http(this.chain.rpcUrl, { retryCount: 0 }), account: account(1) });
  }

  /** Closes one more epoch: every owner gets a token more. */
  closeEpoch(): void {
    const epoch = this.#summaries.length;
    const cumulative = BigInt(epoch + 1) * TOKEN;
    const owners = [1, 2, 3].map((byte) => ({ owner: new Uint8Array(20).fill(byte), cumulative }));
    const roots = { owners: bytesToHex(createOwnerTree(owners).root) };
    this.archive(JSON.stringify({ epoch: String(epoch), attempt: '0', roots }), owners);
  }

  /** Closes one more epoch: the one of that summary. */
  archive(summaryJson: string, owners: readonly OwnerLeaf[]): void {
    this.#owners.push(owners);
    this.#summaries.push(new TextEncoder().encode(summaryJson));
  }

  /** A process of the oracle; `name` is its data folder. */
  async open(
    name: string,
    changes: Partial<ChainOptions> = {},
    { logger = silent, registry = new Registry(), ownersLog, schedule = SCHEDULE }: OpenedWith = {},
  ): Promise<RunningSettlement> {
    const options: ChainOptions = {
      rpcUrls: [this.chain.rpcUrl],
      deployment: this.deployment,
      confirmations: 0,
      pollMs: 50,
      pageBlocks: 1_000,
      bumpAfterMs: 60_000,
      maxFeePerGas: parseGwei('100'),
      repostVetoed: false,
      ...changes,
    };
    const modules = {
      archive: {
        findSummary: (epoch: number) => Promise.resolve(this.#summaries[epoch]),
        findOwnerTotals: (epoch: number) => Promise.resolve(this.#owners[epoch]),
      },
      chainKey: CHAIN_KEY,
      schedule,
      clock: createSystemClock(),
      logger,
      registry,
      ...(ownersLog ? { ownersLog } : {}),
    };
    const settlement = await openSettlement(join(this.folder, name), options, modules);
    this.#running.add(settlement);
    return settlement;
  }

  /** Ends a process. What it was about to send may or may not have been sent. */
  async close(settlement: RunningSettlement): Promise<void> {
    this.#running.delete(settlement);
    await settlement.stop();
  }

  async journal(name: string): Promise<JournalView> {
    const { chainId, contracts } = this.deployment;
    const folder = join(this.folder, name, 'settlement', `${chainId}-${contracts.distributor.toLowerCase()}`);
    return JSON.parse(await readFile(join(folder, 'journal.json'), 'utf8').catch(() => '{}')) as JournalView;
  }

  /** Epochs by their activations. */
  async activated(): Promise<readonly number[]> {
    return (await listEpochs(this.reader, this.deployment)).map(({ epoch }) => epoch);
  }

  async isPosted(epoch: number): Promise<boolean> {
    return (await findPostedEpoch(this.reader, this.deployment, epoch)) !== undefined;
  }

  /** Transactions of the validator in blocks. */
  transactions(): Promise<number> {
    return this.reader.getTransactionCount({ address: validator.address });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running].map((settlement) => settlement.stop()));
    await this.chain.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function deployConfig(): object {
  const word = (byte: string): string => `0x${byte.repeat(32)}`;
  return {
    chainId: 31_337,
    token: { name: 'Sextant Coverage', symbol: 'SXT' },
    schedule: { ...SCHEDULE, emissionPerDay: String(SCHEDULE.emissionPerDay) },
    vetoSeconds: VETO_SECONDS,
    guardian: account(1).address,
    governor: account(2).address,
    timelockDelaySeconds: 3_600,
    validators: [{ account: validator.address, logKey: word('aa'), mirrorKey: word('bb'), chainAnchor: word('cc') }],
    threshold: 1,
    minBondWei: '0',
    bondExitDelaySeconds: 3_600,
    hotspotDepositWei: '0',
    hotspotReleaseDelaySeconds: 3_600,
  };
}
