import { parseArgs } from 'node:util';
import type { Address } from 'viem';
import { addressText } from '../../chain/deployment.ts';
import type { ChainSettings, KeySettings } from '../chain-access.ts';
import { UsageError } from '../usage-error.ts';

export const CLAIM_COMMANDS = [
  'claimable',
  'claim',
  'history',
  'proof',
  'register',
  'transfer',
  'payout',
  'freeze',
  'release',
  'watch',
] as const;
export type ClaimCommand = (typeof CLAIM_COMMANDS)[number];

/** What needs a key and no chain. */
export interface AppealSettings extends KeySettings {
  readonly command: 'appeal';
  readonly file?: string;
  readonly json: boolean;
}

export interface ClaimSettings extends ChainSettings {
  readonly command: ClaimCommand;
  /** The hotspot's key or the address a command is about. */
  readonly subject?: string;
  readonly deploymentFile: string;
  readonly mirrors: readonly string[];
  readonly owners: readonly Address[];
  readonly all: boolean;
  readonly undo: boolean;
  readonly json: boolean;
  readonly to?: Address;
  readonly from?: Address;
  readonly possession?: string;
}

const OPTIONS = {
  rpc: { type: 'string' },
  deployment: { type: 'string' },
  mirror: { type: 'string', multiple: true },
  owner: { type: 'string', multiple: true },
  keystore: { type: 'string' },
  to: { type: 'string' },
  from: { type: 'string' },
  possession: { type: 'string' },
  all: { type: 'boolean', default: false },
  undo: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Commands about one hotspot, address or file. */
const TAKES_SUBJECT: ReadonlySet<string> = new Set(['register', 'transfer', 'payout', 'freeze', 'release', 'appeal']);

/** Options that mean something to these commands only. */
const COMMANDS_OF_OPTION = {
  owner: ['claimable', 'claim', 'history', 'proof'],
  all: ['claim'],
  to: ['transfer'],
  from: ['transfer'],
  possession: ['register'],
  undo: ['freeze'],
} as const;

/** What is not looked at must not look as if it were. Throws UsageError. */
function refuseForeignOptions(
  command: string,
  values: Readonly<Record<string, unknown>> & { readonly owner?: readonly string[]; readonly all: boolean },
): void {
  for (const [option, commands] of Object.entries(COMMANDS_OF_OPTION)) {
    const isGiven = values[option] !== undefined && values[option] !== false;
    if (isGiven && !commands.some((name) => name === command)) {
      throw new UsageError(`--${option} is for ${commands.join(', ')}; ${command} does not look at it.`);
    }
  }
  if ((values.owner?.length ?? 0) > 1 && !values.all) {
    throw new UsageError('More than one --owner is for  claim --all  only: give one.');
  }
}

/** An address from the command line. Throws UsageError that names the option. */
export function parseAddress(option: string, text: string): Address {
  const result = addressText.safeParse(text);
  if (!result.success) throw new UsageError(`${option} has to be an address: 0x and 40 hex digits.`);
  return result.data;
}

/** Undefined when help was asked for. Throws UsageError, or Node's own error for an unknown option. */
export function readClaimSettings(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): ClaimSettings | AppealSettings | undefined {
  const { values, positionals } = parseArgs({
    args: [...argv],
    options: OPTIONS,
    allowPositionals: true,
    strict: true,
  });
  const [command, subject, ...rest] = positionals;
  if (values.help || command === undefined || command === 'help') return undefined;
  const known = [...CLAIM_COMMANDS, 'appeal' as const].find((name) => name === command);
  if (known === undefined) {
    throw new UsageError(`There is no such command. Commands: ${CLAIM_COMMANDS.join(', ')}, appeal.`);
  }
  if (rest.length > 0 || (subject !== undefined && !TAKES_SUBJECT.has(known))) {
    // Not repeated: somebody may have typed a key.
    throw new UsageError(`${known} takes fewer arguments.`);
  }
  refuseForeignOptions(known, values);
  const keystoreFile = values.keystore ?? environment['SEXTANT_KEYSTORE'];
  const key = { environment, ...(keystoreFile === undefined ? {} : { keystoreFile }) };
  if (known === 'appeal') {
    return { command: known, json: values.json, ...key, ...(subject === undefined ? {} : { file: subject }) };
  }
  const rpcUrl = values.rpc ?? environment['SEXTANT_RPC_URL'];
  if (rpcUrl === undefined) throw new UsageError('Give the chain with --rpc URL or SEXTANT_RPC_URL.');
  const mirrors = values.mirror ?? environment['SEXTANT_MIRRORS']?.split(',') ?? [];
  if (!mirrors.every((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) {
    throw new UsageError('--mirror has to be an http:// or https:// URL.');
  }
  return {
    command: known,
    rpcUrl,
    ...key,
    mirrors,
    deploymentFile: values.deployment ?? environment['SEXTANT_DEPLOYMENT'] ?? 'deployment.json',
    owners: (values.owner ?? []).map((text) => parseAddress('--owner', text)),
    all: values.all,
    undo: values.undo,
    json: values.json,
    ...(subject === undefined ? {} : { subject }),
    ...(values.to === undefined ? {} : { to: parseAddress('--to', values.to) }),
    ...(values.from === undefined ? {} : { from: parseAddress('--from', values.from) }),
    ...(values.possession === undefined ? {} : { possession: values.possession }),
  };
}
