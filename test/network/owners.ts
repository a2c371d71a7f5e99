import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createParticipantKeys,
  type ParticipantKeys,
  parseNetworkAnswer,
  type RandomSource,
  readParticipantKeys,
} from '@sextant/firmware-bridge/bridge';
import { bytesToHex, invitationCodeHash, joinMessage, type ParticipantKind } from '@sextant/firmware-bridge/protocol';
import { ownerOf } from './demo-owner-key.ts';
import type { OracleApi } from './oracle-api.ts';

/** A gateway whose owner wants to take part. */
export interface OwnedGateway {
  readonly kind: ParticipantKind;
  /** 16 hex digits. */
  readonly eui: string;
  /** The rest of its `[[gateway]]` table, names and units of the bridge's configuration file. */
  readonly table: Readonly<Record<string, string | number | boolean | readonly number[]>>;
}

export interface OwnedKeys extends OwnedGateway {
  /** EVM address, 20 bytes. Each gateway has an owner of its own: links between two of one owner would be worth nothing. */
  readonly owner: Uint8Array;
  readonly keys: ParticipantKeys;
}

interface KnownKey {
  readonly eui: string;
  readonly kind: ParticipantKind;
  readonly id: string;
}

const KNOWN_KEYS = 'participants.json';

/**
 * The keys of gateways that share a bridge: made when its data folder is new (by `random`, the same ones for the same source),
 * read when it is not. The folder is the bridge's own, as `sextant-bridge init` makes it.
 */
export async function openOwnedKeys(
  bridgeFolder: string,
  gateways: readonly OwnedGateway[],
  random: RandomSource,
): Promise<readonly OwnedKeys[]> {
  const keysFolder = join(bridgeFolder, 'keys');
  await mkdir(keysFolder, { recursive: true, mode: 0o700 });
  const path = join(bridgeFolder, KNOWN_KEYS);
  const known = new Map((await readKnownKeys(path)).map((entry) => [entry.eui, entry]));
  const owned: OwnedKeys[] = [];
  for (const gateway of gateways) {
    const { eui, kind } = gateway;
    const entry = known.get(eui);
    const keys = entry
      ? await readParticipantKeys(keysFolder, kind, entry.id)
      : await createParticipantKeys(keysFolder, kind, random.fork(`key/${eui}`));
    known.set(eui, { eui, kind, id: keys.id });
    owned.push({ ...gateway, keys, owner: ownerOf(eui) });
  }
  await replaceFile(path, `${JSON.stringify([...known.values()], undefined, 2)}\n`);
  return owned;
}

async function readKnownKeys(path: string): Promise<readonly KnownKey[]> {
  const text = await readFile(path, 'utf8').catch(() => '[]');
  return JSON.parse(text) as KnownKey[];
}

async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

/** Asks the oracle to make the key known. A key that is known already is no error. Rejects with OracleApiError. */
export async function joinNetwork(
  api: OracleApi,
  networkId: string,
  { keys, kind, owner }: OwnedKeys,
  code: string,
): Promise<void> {
  const key = keys.signer.publicKey;
  const message = joinMessage(networkId, { key, participant: kind, owner, codeHash: invitationCodeHash(code) });
  await api.join({
    key: keys.id,
    participant: kind,
    owner: `0x${bytesToHex(owner)}`,
    code,
    keySignature: bytesToHex(keys.signer.sign(message)),
  });
}

export interface BridgeFolderOptions {
  readonly udpPort: number;
  /** How long a report waits for others to share its batch, milliseconds. */
  readonly batchDelayMs: number;
  /** How often the network is told how the gateways are, minutes. */
  readonly statusIntervalMin: number;
}

/** Writes what `sextant-bridge init` would: the network's facts as they are now, and the configuration. */
export async function writeBridgeFolder(
  bridgeFolder: string,
  networkAnswer: unknown,
  owned: readonly OwnedKeys[],
  options: BridgeFolderOptions,
): Promise<void> {
  const { json } = parseNetworkAnswer(networkAnswer);
  await replaceFile(join(bridgeFolder, 'network.json'), `${JSON.stringify(json, undefined, 2)}\n`);
  const tables = [
    ['[semtech_udp]', { port: options.udpPort }],
    ['[outbox]', { batch_delay: options.batchDelayMs }],
    ['[status]', { interval: options.statusIntervalMin }],
    ...owned.map(({ eui, keys, table }) => ['[[gateway]]', { id: keys.id, eui, ...table }] as const),
  ] as const;
  const lines = tables.flatMap(([header, table]) => [header, ...tomlLines(table)]);
  await replaceFile(join(bridgeFolder, 'bridge.toml'), `${lines.join('\n')}\n`);
}

/** TOML 1.0 writes these values as JSON does. */
const tomlLines = (table: OwnedGateway['table']): string[] =>
  Object.entries(table).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
