import type { Address, Hash } from 'viem';

/** A contract said no; `code` is the name of its error, `facts` its arguments in order. */
export class ContractRefusedError extends Error {
  override readonly name = 'ContractRefusedError';
  readonly call: string;
  readonly contract: Address;
  readonly code: string;
  readonly facts: readonly unknown[];

  constructor(call: string, contract: Address, code: string, facts: readonly unknown[], cause?: unknown) {
    super(`The chain refuses ${call}: ${code}(${facts.map(String).join(', ')}).`, { cause });
    this.call = call;
    this.contract = contract;
    this.code = code;
    this.facts = facts;
  }
}

/** A transaction is in a block and failed there, although it would have worked before: somebody else was first. */
export class TransactionFailedError extends Error {
  override readonly name = 'TransactionFailedError';
  readonly call: string;
  readonly hash: Hash;

  constructor(call: string, hash: Hash) {
    super(
      `${call} failed in transaction ${hash}: something changed on the chain meanwhile. Look again and try once more.`,
    );
    this.call = call;
    this.hash = hash;
  }
}

/** The endpoint serves another chain than the deployment is on. */
export class WrongChainError extends Error {
  override readonly name = 'WrongChainError';
  readonly expected: number;
  readonly actual: number;

  constructor(expected: number, actual: number) {
    super(`The deployment is on chain ${expected}, but this endpoint serves chain ${actual}. Give the right --rpc.`);
    this.expected = expected;
    this.actual = actual;
  }
}
