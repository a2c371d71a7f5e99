import {
  type Address,
  createPublicClient,
  createTestClient,
  createWalletClient,
  hexToBytes,
  http,
  type PublicClient,
  type TestClient,
  type TransactionReceipt,
  type WalletClient,
} from 'viem';
import { type HDAccount, mnemonicToAccount } from 'viem/accounts';
import { activateEpochCall } from '../actions/activate-epoch.ts';
import { postEpochCall } from '../actions/post-epoch.ts';
import { signEpoch } from '../actions/sign-epoch.ts';
import type { Call } from '../chain/call.ts';
import type { Deployment } from '../chain/deployment.ts';
import { submitCall, type Wallet } from '../chain/send-call.ts';
import { type DeployConfigInput, parseDeployConfig } from '../deploy/deploy-config.ts';
import { deployContracts } from '../deploy/deploy-contracts.ts';
import {
  createOwnerTree,
  type EpochStatement,
  type EpochVote,
  leastThreshold,
  type OwnerLeaf,
  type OwnerTree,
  type ValidatorSet,
} from '../encoding/index.ts';
import { LOCAL_CHAIN_DEFAULTS, type LocalChain, PUBLIC_TEST_MNEMONIC, startLocalChain } from '../local-chain/anvil.ts';

const GENESIS_SECONDS = 1_800_000_000;
const EPOCH_SECONDS = 3600;
const VETO_SECONDS = 1800;
/** Base units an epoch may pay. */
export const EPOCH_CAP = 10n ** 24n / 24n;

const ZERO_ROOT = new Uint8Array(32);

/** Indices of the accounts of the public test phrase. */
const ACCOUNTS = { deployer: 0, guardian: 1, governor: 2, owner: 3, other: 4, firstValidator: 20 } as const;
export type Person = Exclude<keyof typeof ACCOUNTS, 'firstValidator'>;

const testAccount = (index: number): HDAccount => mnemonicToAccount(PUBLIC_TEST_MNEMONIC, { addressIndex: index });

/** What an epoch changes; everything else follows from the epoch before. */
export interface EpochPlan {
  readonly leaves: readonly OwnerLeaf[];
  readonly total?: bigint;
  readonly attempt?: number;
}

/** The contracts on an anvil of their own, with validators whose keys the test holds. */
export class SettlementFixture {
  readonly chain: LocalChain;
  readonly reader: PublicClient;
  readonly control: TestClient;
  readonly validators: readonly HDAccount[];
  readonly #config: DeployConfigInput;
  #deployment: Deployment | undefined;
  #previous: { readonly statement: EpochStatement; readonly tree: OwnerTree } | undefined;

  private constructor(chain: LocalChain, validators: readonly HDAccount[], changes: Partial<DeployConfigInput>) {
    const transport = http(chain.rpcUrl, { retryCount: 0 });
    this.chain = chain;
    this.validators = validators;
    this.reader = createPublicClient({ transport, pollingInterval: 20 });
    this.control = createTestClient({ transport, mode: 'anvil' });
    this.#config = { ...testDeployConfig(validators), ...changes };
  }

  static async start(validatorCount = 7, changes: Partial<DeployConfigInput> = {}): Promise<SettlementFixture> {
    const chain = await startLocalChain({ accounts: 40, timestampSeconds: GENESIS_SECONDS });
    const validators = Array.from({ length: validatorCount }, (_, i) => testAccount(ACCOUNTS.firstValidator + i));
    validators.sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
    const fixture = new SettlementFixture(chain, validators, changes);
    fixture.#deployment = await deployContracts(fixture.config, {
      reader: fixture.reader,
      wallet: fixture.wallet('deployer'),
    });
    return fixture;
  }

  get config(): ReturnType<typeof parseDeployConfig> {
    return parseDeployConfig(this.#config);
  }

  get deployment(): Deployment {
    if (this.#deployment === undefined) throw new Error('not deployed');
    return this.#deployment;
  }

  get set(): ValidatorSet {
    const accounts = this.validators.map(({ address }) => hexToBytes(address));
    return { setId: 1, threshold: this.config.threshold, accounts };
  }

  address(person: Person): Address {
    return testAccount(ACCOUNTS[person]).address;
  }

  wallet(person: Person): Wallet {
    const wallet: WalletClient = createWalletClient({ transport: http(this.chain.rpcUrl, { retryCount: 0 }) });
    return Object.assign(wallet, { account: testAccount(ACCOUNTS[person]) }) as Wallet;
  }

  submit(person: Person, call: Call): Promise<TransactionReceipt> {
    return submitCall({ reader: this.reader, wallet: this.wallet(person) }, call);
  }

  /** The next epoch's statement; its prevRoot and number follow the last activated one. */
  plan({ leaves, total, attempt = 0 }: EpochPlan): { statement: EpochStatement; tree: OwnerTree } {
    const tree = createOwnerTree(leaves);
    const previous = this.#previous?.statement;
    return {
      tree,
      statement: {
        epoch: previous === undefined ? 0 : previous.epoch + 1,
        attempt,
        setId: this.set.setId,
        prevRoot: previous?.root ?? ZERO_ROOT,
        summaryHash: new Uint8Array(32).fill(7),
        root: tree.root,
        total: total ?? leaves.reduce((sum, { cumulative }) => sum + cumulative, 0n),
      },
    };
  }

  votes(statement: EpochStatement, count = this.config.threshold): Promise<readonly EpochVote[]> {
    return Promise.all(
      this.validators.slice(0, count).map((account) => signEpoch(this.deployment, statement, account)),
    );
  }

  /** Lets the chain's clock run to the end of an epoch, if it is not there yet. */
  async endEpoch(epoch: number): Promise<void> {
    await this.passTo(GENESIS_SECONDS + (epoch + 1) * EPOCH_SECONDS);
  }

  async passTo(seconds: number): Promise<void> {
    const { timestamp } = await this.reader.getBlock();
    if (timestamp >= BigInt(seconds)) return;
    await this.control.setNextBlockTimestamp({ timestamp: BigInt(seconds) });
    await this.control.mine({ blocks: 1 });
  }

  async passVetoWindow(): Promise<void> {
    const { timestamp } = await this.reader.getBlock();
    await this.passTo(Number(timestamp) + VETO_SECONDS);
  }

  async post(statement: EpochStatement): Promise<TransactionReceipt> {
    await this.endEpoch(statement.epoch);
    return this.submit('other', postEpochCall(this.deployment, statement, this.set, await this.votes(statement)));
  }

  /** Posts and activates one more epoch. */
  async settle(plan: EpochPlan): Promise<{
    statement: EpochStatement;
    tree: OwnerTree;
    activation: TransactionReceipt;
    posting: TransactionReceipt;
  }> {
    const next = this.plan(plan);
    const posting = await this.post(next.statement);
    await this.passVetoWindow();
    const activation = await this.submit('other', activateEpochCall(this.deployment, next.statement));
    this.#previous = next;
    return { ...next, posting, activation };
  }

  /** Goes on from an epoch that the test settled itself. */
  adopt(plan: EpochPlan): void {
    this.#previous = this.plan(plan);
  }

  async stop(): Promise<void> {
    await this.chain.stop();
  }
}

function testDeployConfig(validators: readonly HDAccount[]): DeployConfigInput {
  const word = (prefix: string, i: number): string => `0x${prefix}${String(i).padStart(62, '0')}`;
  return {
    chainId: LOCAL_CHAIN_DEFAULTS.chainId,
    token: { name: 'Sextant Coverage', symbol: 'SXT' },
    schedule: {
      genesisMs: GENESIS_SECONDS * 1000,
      epochMs: EPOCH_SECONDS * 1000,
      emissionPerDay: String(10n ** 24n),
      halvingDays: 730,
    },
    vetoSeconds: VETO_SECONDS,
    guardian: testAccount(ACCOUNTS.guardian).address,
    governor: testAccount(ACCOUNTS.governor).address,
    timelockDelaySeconds: 3600,
    validators: validators.map(({ address }, i) => ({
      account: address,
      logKey: word('aa', i),
      mirrorKey: word('bb', i),
      chainAnchor: word('cc', i),
    })),
    threshold: leastThreshold(validators.length),
    minBondWei: String(10n ** 18n),
    bondExitDelaySeconds: 86_400,
    hotspotDepositWei: String(10n ** 16n),
    hotspotReleaseDelaySeconds: 86_400,
  };
}
