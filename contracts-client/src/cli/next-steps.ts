import { BaseError, HttpRequestError, InsufficientFundsError, TimeoutError } from 'viem';

/** What an owner can do when a contract refuses, by the error's name. */
const AFTER_REFUSAL: ReadonlyMap<string, string> = new Map([
  ['AlreadyHeld', 'That account holds it already: nothing is left to do.'],
  ['BadProof', 'Newer epochs took the place of its root. Run the command again.'],
  ['IsFrozen', 'Free it first:  freeze KEY --undo'],
  ['IsReleasing', 'Its release was asked for, so it changes hands no more. Run  release KEY  when its delay is over.'],
  ['NotHeld', 'That account has not registered this hotspot, or it changed hands. Look at KEY and the address again.'],
  ['NotOffered', 'Its owner has to offer it to you first:  transfer KEY --to YOU'],
  ['ReleaseNotDue', 'The last number is the time from which it can be released (Unix seconds). Run this again then.'],
  ['WrongDeposit', 'The registry asks for another deposit. Run the command again.'],
]);

export const stepAfterRefusal = (code: string): string => AFTER_REFUSAL.get(code) ?? '';

/** What a person can do about an error of the chain's endpoint. */
export function stepAfterChainError(error: BaseError): string {
  const isA = (kind: abstract new (...args: never[]) => Error): boolean =>
    error.walk((cause) => cause instanceof kind) !== null;
  if (isA(InsufficientFundsError)) return 'Send the account that signs some of the chain’s coin.';
  if (isA(HttpRequestError) || isA(TimeoutError)) return 'Look whether it is up, or give another one with --rpc URL.';
  return 'Try again; if it says so again, give another one with --rpc URL.';
}
