import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readParticipantKeys } from '../keys/participant-keys.ts';
import { bytesToHex, hexToBytes, type ParticipantKind, parseId, registrationMessage } from '../protocol/index.ts';
import { UsageError } from './arguments.ts';
import type { DataFolder } from './data-folder.ts';
import { parseOwner } from './init-answers.ts';
import { readConfig } from './run-setup.ts';
import type { Terminal } from './terminal.ts';

const Deployment = z.object({
  chainId: z.int().positive(),
  contracts: z.object({ hotspots: z.string().regex(/^0x[0-9a-fA-F]{40}$/) }),
});

interface AgreeModules {
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Signs that an owner may register this hotspot on a chain, and prints what he has to run. What comes back is the exit code. */
export async function agreeCommand(
  flags: Readonly<Record<string, string | true>>,
  folder: DataFolder,
  { terminal, environment }: AgreeModules,
): Promise<number> {
  const owner = parseOwner(needed(flags, 'owner', 'the account that will register the hotspot'));
  if (!owner.ok) throw new UsageError(`--owner: ${owner.problem}`);
  const { chainId, contracts } = await readDeployment(needed(flags, 'deployment', 'what sextant-deploy wrote'));
  const { gateways } = await readConfig(folder, {}, environment);
  const { id, kind } = choose(
    gateways.map((gateway) => gateway.id),
    flags['hotspot'],
  );
  const { signer, name } = await readParticipantKeys(folder.keys, kind, id);
  const key = signer.publicKey;
  const registry = hexToBytes(contracts.hotspots.slice(2).toLowerCase());
  const possession = signer.sign(registrationMessage({ chainId, registry, key, owner: owner.value }));
  const facts = {
    id,
    key: bytesToHex(key),
    owner: `0x${bytesToHex(owner.value)}`,
    possession: bytesToHex(possession),
    chainId,
  };
  const text =
    `${name} (${id}) agrees that ${facts.owner} registers it in ${contracts.hotspots} on chain ${chainId}. With that account's key run\n` +
    `  sextant-claim register ${facts.key} --possession ${facts.possession}`;
  terminal.say(flags['json'] === true ? JSON.stringify(facts) : text);
  return 0;
}

function needed(flags: Readonly<Record<string, string | true>>, name: string, what: string): string {
  const value = flags[name];
  if (typeof value !== 'string') throw new UsageError(`--${name} is missing: ${what}.`);
  return value;
}

async function readDeployment(path: string): Promise<z.infer<typeof Deployment>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--deployment: ${path} cannot be read (${error.code}).`);
  });
  const parsed = Deployment.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `--deployment: ${path} is no deployment file: it has no chainId and contracts.hotspots. Ask the network's operator for it.`,
  );
}

/** Undefined when it is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function choose(ids: readonly string[], wanted: string | true | undefined): { id: string; kind: ParticipantKind } {
  const listed = `This bridge serves: ${ids.join(', ') || 'nobody yet; run sextant-bridge init'}.`;
  if (wanted === undefined && ids.length !== 1) throw new UsageError(`Say which one with --hotspot ID. ${listed}`);
  const id = wanted ?? ids[0];
  const parsed = typeof id === 'string' && ids.includes(id) ? parseId(id) : undefined;
  if (parsed === undefined || parsed.kind === 'validator') {
    throw new UsageError(`--hotspot ${String(id)} is not one of this bridge. ${listed}`);
  }
  return { id: id as string, kind: parsed.kind };
}
