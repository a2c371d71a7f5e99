import {
  activateEpochCall,
  type Deployment,
  type DistributorHead,
  findPostedEpoch,
  postEpochCall,
  readHead,
  readSchedule,
  readValidatorSet,
} from '@sextant/contracts-client';
import { type EmissionSchedule, type EpochStatement, epochStructHash } from '@sextant/contracts-client/encoding';
import type { Clock } from '@sextant/firmware-bridge/clock';
import { bytesToHex, equalBytes } from '@sextant/firmware-bridge/protocol';
import type { AgreedEpoch, AgreedEpochs } from './agreed-epochs.ts';
import type { ChainEndpoints, ReferenceBlock } from './chain-endpoints.ts';
import type { VoteCollector } from './collect-votes.ts';
import type { SettlementStatus } from './settlement-state.ts';
import type { TransactionSender, WantedCall } from './transaction-sender.ts';

export interface SettlementOptions {
  readonly deployment: Deployment;
  /** Our account, 20 bytes. */
  readonly account: Uint8Array;
  /** Of the network's own epochs. */
  readonly schedule: EmissionSchedule;
  /** Post an epoch once more that the guardian has vetoed: for an operator who has looked. */
  readonly repostVetoed: boolean;
}

export interface SettlementModules {
  readonly endpoints: ChainEndpoints;
  readonly epochs: AgreedEpochs;
  readonly votes: VoteCollector;
  readonly sender: TransactionSender;
  readonly clock: Pick<Clock, 'now'>;
}

/** A state that is no matter of sending anything, or what has to be sent. */
type Decision = SettlementStatus | WantedCall;

/**
 * Takes agreed epochs to the chain, one after the other. It keeps nothing in mind but what cannot change: each step decides
 * anew from the final state of the chain and the archive, so a crash, another validator that was faster, and a reorganisation
 * all need no case of their own. What could be sent twice is sent with one nonce, from a journal.
 */
export class Settlement {
  readonly #options: SettlementOptions;
  readonly #modules: SettlementModules;
  #hasOurSchedule = false;

  constructor(options: SettlementOptions, modules: SettlementModules) {
    this.#options = options;
    this.#modules = modules;
  }

  /** Looks once and sends at most one transaction. Throws NoAgreementError, and what the archive and the disk throw. */
  async step(): Promise<SettlementStatus> {
    const { endpoints, sender } = this.#modules;
    const { deployment } = this.#options;
    const reference = await endpoints.findReference();
    if (await sender.isMined(reference)) {
      return { state: 'waiting_for_transaction', epoch: (await this.#readHead(reference)).nextEpoch };
    }
    const head = await this.#readHead(reference);
    const decision = await this.#decide(head, reference);
    if ('state' in decision) return decision;
    const outcome = await sender.send(decision);
    if (outcome === 'sent') return { state: 'waiting_for_transaction', epoch: head.nextEpoch };
    const { code, facts } = outcome.refused;
    const refused = {
      call: decision.call.name,
      code,
      facts: facts.map(String),
      distributor: deployment.contracts.distributor,
    };
    return { state: 'refused', epoch: head.nextEpoch, facts: refused };
  }

  #readHead({ number }: ReferenceBlock): Promise<DistributorHead> {
    const { deployment } = this.#options;
    return this.#modules.endpoints.agree('the distributor', (client) => readHead(client, deployment, number));
  }

  async #decide(head: DistributorHead, reference: ReferenceBlock): Promise<Decision> {
    const { nextEpoch: epoch, pending, total } = head;
    const agreed = await this.#modules.epochs.find(epoch);
    if (agreed === undefined) return this.#decideWithoutEpoch(epoch, total);
    if (agreed.totalBefore !== total) {
      return { state: 'diverged', epoch, facts: { ours: agreed.totalBefore, onChain: total } };
    }
    const differing = await this.#differingSchedule();
    if (differing) return { state: 'other_schedule', epoch, facts: differing };
    if (head.paused) return { state: 'paused', epoch };
    if (pending) return this.#decidePending(agreed, pending);
    if (head.nextAttempt > 0 && !this.#options.repostVetoed) {
      return { state: 'vetoed', epoch, facts: { attempt: head.nextAttempt - 1 } };
    }
    return this.#decidePost(agreed, head, reference);
  }

  /** By member, ours and the contract's; undefined when they are alike, which is asked once: a schedule cannot change. */
  async #differingSchedule(): Promise<Readonly<Record<string, string>> | undefined> {
    if (this.#hasOurSchedule) return undefined;
    const { deployment, schedule } = this.#options;
    const onChain = await this.#modules.endpoints.agree('the schedule', (client) => readSchedule(client, deployment));
    const members = Object.keys(schedule) as (keyof EmissionSchedule)[];
    const differing = members.filter((member) => schedule[member] !== onChain[member]);
    this.#hasOurSchedule = differing.length === 0;
    if (this.#hasOurSchedule) return undefined;
    return Object.fromEntries(
      differing.map((member) => [member, `${schedule[member]} here, ${onChain[member]} on the chain`]),
    );
  }

  async #decideWithoutEpoch(epoch: number, total: bigint): Promise<SettlementStatus> {
    const last = epoch === 0 ? undefined : await this.#modules.epochs.find(epoch - 1);
    if (epoch > 0 && last?.total !== total) {
      // The chain is ahead of this archive, or has something else.
      return { state: 'diverged', epoch, facts: { ours: last?.total, onChain: total } };
    }
    return { state: 'up_to_date', epoch };
  }

  /** Anyone may activate what is posted; this validator does so only with what it computed itself. */
  async #decidePending(agreed: AgreedEpoch, pending: NonNullable<DistributorHead['pending']>): Promise<Decision> {
    const { deployment } = this.#options;
    const { epoch } = agreed;
    const posted = await this.#modules.endpoints.agree('the posted epoch', (client) =>
      findPostedEpoch(client, deployment, epoch),
    );
    const statement = posted?.statement;
    if (statement === undefined || !equalBytes(epochStructHash(statement), pending.structHash)) {
      // The endpoints know a newer posting than the final one.
      return { state: 'waiting_for_transaction', epoch };
    }
    if (!isOurs(statement, agreed)) {
      const facts = { ours: bytesToHex(agreed.summaryHash), posted: bytesToHex(statement.summaryHash) };
      return { state: 'disputed', epoch, facts: { ...facts, attempt: statement.attempt } };
    }
    const dueAtMs = pending.activatableAtSeconds * 1_000;
    if (dueAtMs > this.#nowMs()) return { state: 'veto_window', epoch, dueAtMs };
    return { call: activateEpochCall(deployment, statement), epoch, attempt: statement.attempt };
  }

  async #decidePost(agreed: AgreedEpoch, head: DistributorHead, reference: ReferenceBlock): Promise<Decision> {
    const { deployment, account } = this.#options;
    const { endpoints, votes } = this.#modules;
    const { epoch, prevRoot, root, summaryHash, total } = agreed;
    const set = await endpoints.agree('the validator set', (client) =>
      readValidatorSet(client, deployment, reference.number),
    );
    if (!set.accounts.some((member) => equalBytes(member, account))) {
      return { state: 'not_in_set', epoch, facts: { account: `0x${bytesToHex(account)}`, setId: set.setId } };
    }
    const lowest = Math.max(agreed.attempt, head.nextAttempt);
    const draft = { epoch, attempt: lowest, setId: set.setId, prevRoot, summaryHash, root, total };
    const statement: EpochStatement = { ...draft, attempt: votes.attemptFor(draft) };
    const collected = await votes.collect(statement);
    if (collected.length < set.threshold) {
      return { state: 'no_quorum', epoch, facts: { votes: collected.length, threshold: set.threshold } };
    }
    return { call: postEpochCall(deployment, statement, set, collected), epoch, attempt: statement.attempt };
  }

  #nowMs(): number {
    return this.#modules.clock.now();
  }
}

const isOurs = (statement: EpochStatement, agreed: AgreedEpoch): boolean =>
  statement.total === agreed.total &&
  equalBytes(statement.summaryHash, agreed.summaryHash) &&
  equalBytes(statement.root, agreed.root) &&
  equalBytes(statement.prevRoot, agreed.prevRoot);
