import { type Address, formatUnits, type Hash, type PublicClient } from 'viem';
import type { Call } from '../../chain/call.ts';
import type { Deployment } from '../../chain/deployment.ts';
import { submitCall, type Wallet } from '../../chain/send-call.ts';
import { type Claimable, findClaimable } from '../../proofs/find-claimable.ts';
import { UsageError } from '../usage-error.ts';
import type { ClaimSettings } from './settings.ts';

const DECIMALS = 18;

/** What every command works with. */
export interface ClaimContext {
  readonly settings: ClaimSettings;
  readonly deployment: Deployment;
  readonly reader: PublicClient;
  /** Asks for the key when it is needed first. Throws KeyError. */
  readonly openWallet: () => Promise<Wallet>;
  /** One object: as JSON with --json, else as the text. */
  readonly say: (facts: Readonly<Record<string, unknown>>, text: string) => void;
  readonly fetchUrl: typeof fetch;
  /** Aborted by Ctrl-C. */
  readonly stop: AbortSignal;
}

export const tokens = (amount: bigint): string => `${formatUnits(amount, DECIMALS)} tokens`;

/** The --owner given, else the key's account. */
export async function ownerOf({ settings, openWallet }: ClaimContext): Promise<Address> {
  return settings.owners[0] ?? (await openWallet()).account.address;
}

/** Sends, waits for the block and says so; `about` goes into what --json prints. */
export async function submit(
  context: ClaimContext,
  call: Call,
  text: string,
  about: Readonly<Record<string, unknown>> = {},
): Promise<Hash> {
  const wallet = await context.openWallet();
  const { transactionHash, blockNumber, gasUsed } = await submitCall({ reader: context.reader, wallet }, call);
  const facts = { transaction: transactionHash, block: String(blockNumber), gasUsed: String(gasUsed) };
  context.say(
    { call: call.name, ...about, ...facts },
    `${text}\n  transaction ${transactionHash}, block ${blockNumber}, ${gasUsed} gas`,
  );
  return transactionHash;
}

/** What an owner can claim, with a word about every mirror that could not be used. Throws UsageError without a mirror. */
export async function lookUp(context: ClaimContext, owner: Address): Promise<Claimable> {
  const { settings, reader, deployment, fetchUrl } = context;
  if (settings.mirrors.length === 0) {
    throw new UsageError('Give a validator that serves proofs with --mirror URL: any will do, its answer is checked.');
  }
  const claimable = await findClaimable(reader, deployment, owner, settings.mirrors, fetchUrl);
  for (const { mirror, fault } of new Map(
    claimable.refused.map((entry) => [entry.mirror + entry.fault, entry]),
  ).values()) {
    context.say({ refusedMirror: new URL(mirror).origin, fault }, `  not used: ${new URL(mirror).origin} (${fault})`);
  }
  return claimable;
}
