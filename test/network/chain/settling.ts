import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { registrationMessage } from '@sextant/contracts-client/encoding';
import { bytesToHex, hexToBytes } from '@sextant/firmware-bridge/protocol';
import type { RunningNetwork } from '../bring-up.ts';
import type { Child } from '../child-process.ts';
import { ownerKeyOf } from '../demo-owner-key.ts';
import { formatTokens } from '../epoch-report.ts';
import type { ChainChoice } from '../launch-options.ts';
import type { OwnedKeys } from '../owners.ts';
import type { Children } from '../programs.ts';
import type { Progress } from '../progress/progress.ts';
import type {
  ChainOpened,
  ChainRegistered,
  ChainRequest,
  DemoClaimed,
  DemoOwner,
  EpochSettled,
  RegistryEntry,
} from './chain-messages.ts';

/** What `--json` says about the chain. */
export interface ChainSummary {
  readonly chainId: number;
  readonly distributor: string;
  /** Epochs whose rewards became claimable in this run. */
  readonly settledEpochs: readonly number[];
  /** The last claim for an owner of the demo; amounts in base units, as text. */
  readonly claimed: Omit<DemoClaimed, 'type'> | null;
}

export interface SettlingModules {
  readonly children: Children;
  readonly progress: Progress;
  readonly running: RunningNetwork;
}

/** Only when nobody else wants the processor. */
const CHAIN_NICENESS = 10;
const POLL_MS = 1_000;
const LOOK_EVERY_MS = 100;

/** Brings the chain up beside a network that runs, and shows what is settled on it. Whatever goes wrong there, the network goes on. */
export class Settling {
  readonly #choice: ChainChoice;
  readonly #dataDirectory: string;
  readonly #modules: SettlingModules;
  readonly #child: Child;
  readonly #settled: number[] = [];
  #opened: ChainOpened | undefined;
  #claimed: DemoClaimed | undefined;
  #isBroken = false;

  constructor(choice: ChainChoice, dataDirectory: string, modules: SettlingModules) {
    this.#choice = choice;
    this.#dataDirectory = dataDirectory;
    this.#modules = modules;
    this.#child = modules.children.start('chain', 'chain', [], { niceness: CHAIN_NICENESS, withDescendants: true });
    this.#child.on<EpochSettled>('chain/epoch-settled', (settled) => this.#saySettled(settled));
    this.#child.on<DemoClaimed>('chain/claimed', (claimed) => this.#sayClaimed(claimed));
    void this.#run();
  }

  /** Null when there was no chain after all. */
  summary(): ChainSummary | null {
    if (!this.#opened) return null;
    const { type: _, ...claimed } = this.#claimed ?? { type: 'chain/claimed' };
    const { chainId, contracts } = this.#opened.deployment;
    return {
      chainId,
      distributor: contracts.distributor,
      settledEpochs: this.#settled,
      claimed: this.#claimed ? (claimed as Omit<DemoClaimed, 'type'>) : null,
    };
  }

  /** Resolves when `epoch` is settled, or the chain is gone, or after `patienceMs`. */
  async untilSettled(epoch: number, patienceMs: number): Promise<void> {
    const until = performance.now() + patienceMs;
    while (!this.#isBroken && !this.#settled.includes(epoch) && performance.now() < until) await sleep(LOOK_EVERY_MS);
  }

  async #run(): Promise<void> {
    const step = this.#modules.progress.begin('chain');
    try {
      const opened = await this.#open();
      this.#opened = opened;
      await this.#tellOracle(opened);
      const isLocal = this.#choice.kind === 'local';
      const owners = isLocal ? this.#demoOwners() : [];
      const claimants = owners.filter(({ hotspot }) => this.#modules.running.cheatOf(hotspot) === undefined);
      this.#send({ type: 'chain/watch', apiUrl: this.#modules.running.api.url, claimants });
      step.update('registering hotspots');
      const registered = isLocal ? await this.#register(opened) : 0;
      const file = isLocal ? join(this.#dataDirectory, 'chain', 'deployment.json') : '';
      step.done(isLocal ? `${opened.rpcUrl}, ${registered} hotspots registered, contracts in ${file}` : 'settling');
    } catch (error) {
      this.#isBroken = true;
      const why = error instanceof Error ? error.message : String(error);
      step.failed(`${why} Everything else goes on without it.`);
    }
  }

  async #open(): Promise<ChainOpened> {
    const { network, oracle } = this.#modules.running;
    const { status } = await oracle.request<StatusAnswer>({ type: 'oracle/status' }, 'oracle/status');
    const choice = this.#choice;
    if (choice.kind === 'remote') {
      const [rpcUrl = ''] = choice.rpcUrls;
      return this.#request<ChainOpened>(
        { type: 'chain/open-remote', rpcUrl, deploymentFile: choice.deploymentFile },
        'chain/opened',
      );
    }
    const { timing, ruleSet } = network;
    return this.#request<ChainOpened>(
      {
        type: 'chain/open-local',
        folder: join(this.#dataDirectory, 'chain'),
        port: choice.port,
        timing,
        ruleSet,
        validator: status.registryEntry,
      },
      'chain/opened',
    );
  }

  async #tellOracle({ rpcUrl, deployment }: ChainOpened): Promise<void> {
    const choice = this.#choice;
    const place =
      choice.kind === 'local' ? { rpcUrls: [rpcUrl], confirmations: 0, pollMs: POLL_MS } : { rpcUrls: choice.rpcUrls };
    const request = { type: 'oracle/use-chain', deployment, ...place };
    const { problem } = await this.#modules.running.oracle.request<UsesChain>(request, 'oracle/uses-chain');
    if (problem !== undefined) throw new Error(problem);
  }

  #hotspots(): readonly OwnedKeys[] {
    return this.#modules.running.owned.filter(({ kind }) => kind === 'hotspot');
  }

  #demoOwners(): readonly DemoOwner[] {
    return this.#hotspots().map(demoOwner);
  }

  async #register({ deployment }: ChainOpened): Promise<number> {
    const { chainId, contracts } = deployment;
    const registry = hexToBytes(contracts.hotspots.slice(2).toLowerCase());
    const owners = this.#hotspots().map((one) => {
      const message = registrationMessage({
        chainId,
        registry,
        hotspotKey: one.keys.signer.publicKey,
        owner: one.owner,
      });
      return { ...demoOwner(one), possession: bytesToHex(one.keys.signer.sign(message)) };
    });
    return (await this.#request<ChainRegistered>({ type: 'chain/register', owners }, 'chain/registered')).registered;
  }

  #request<Answer extends { readonly type: string }>(request: ChainRequest, type: Answer['type']) {
    return this.#child.request<Answer & { id: number }>(request, type);
  }

  #send(request: ChainRequest): void {
    this.#child.send(request);
  }

  #saySettled({ epoch, minted }: EpochSettled): void {
    this.#settled.push(epoch);
    const { progress } = this.#modules;
    const { good, strong } = progress.palette;
    progress.say(
      `  ${good('⛓')} Epoch ${epoch} is on the chain: ${strong(formatTokens(minted))} tokens can be claimed`,
    );
  }

  #sayClaimed(claimed: DemoClaimed): void {
    this.#claimed = claimed;
    const { progress, running } = this.#modules;
    const { accent, faint, strong } = progress.palette;
    const { owner, paid, balance, hotspot } = claimed;
    const who = `${owner} ${faint(`(${hotspot.slice(0, 14)}…)`)}`;
    progress.say(`    ${who} claimed ${formatTokens(paid)} tokens and has ${strong(formatTokens(balance))}`);
    const rewards = new URL(`?owner=${owner.toLowerCase()}`, running.api.url);
    progress.say(`    ${faint('What its hotspots earned, on the map:')} ${accent(rewards.href)}`);
  }
}

function demoOwner({ keys, eui }: OwnedKeys): DemoOwner {
  return { hotspot: keys.id, key: bytesToHex(keys.signer.publicKey), ownerKey: bytesToHex(ownerKeyOf(eui)) };
}

interface StatusAnswer {
  readonly type: 'oracle/status';
  readonly id: number;
  readonly status: { readonly registryEntry: RegistryEntry };
}

interface UsesChain {
  readonly type: 'oracle/uses-chain';
  readonly id: number;
  readonly problem?: string;
}
