import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import { parseId } from '@sextant/firmware-bridge/protocol';
import { createSystemRandom } from '@sextant/firmware-bridge/random';
import { createGenesisState, judgesPlaces } from '../core/index.ts';
import { explainHotspot } from '../explain/explain-hotspot.ts';
import { accountOf } from '../explain/hotspot-account.ts';
import { recomputeClosedEpochs } from '../judge/closed-epochs.ts';
import { epochsFolder, openEpochArchive } from '../judge/epoch-archive.ts';
import { folderSource, nodeFileSystem, noteKeyOf, openLogReader } from '../ledger/index.ts';
import { logFolder, originOf } from '../open-log.ts';
import { readGenesis } from '../validator/genesis.ts';
import { openValidatorIdentity } from '../validator/identity.ts';
import { type Settings, SettingsError } from './settings.ts';

const USAGE = 'sextant-oracle explain <hotspot, hs1…> [--epoch N]';

/**
 * Says in words, with every number, what an epoch found out about a hotspot's place: computed from the log once more, so
 * that it needs no running oracle and no database.
 */
export async function runExplain(
  settings: Settings,
  flags: { readonly epoch?: string; readonly json?: boolean },
  [hotspot]: readonly string[] = [],
): Promise<void> {
  const id = hotspot === undefined ? undefined : parseId(hotspot);
  if (id?.kind !== 'hotspot') throw new SettingsError(`Whom shall I explain? ${USAGE}`);
  const archive = openEpochArchive(epochsFolder(settings.data));
  const latest = await archive.latestEpoch();
  if (latest < 0) throw new SettingsError(`No epoch is closed yet in ${settings.data}.`);
  const epoch = flags.epoch === undefined ? latest : Number(flags.epoch);
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > latest) {
    throw new SettingsError(`--epoch is a closed epoch, 0 to ${latest}, not "${flags.epoch}".`);
  }
  const { log, genesis, ruleSet } = await openOwnLog(settings.data);
  if (!judgesPlaces(ruleSet)) {
    console.log(`This network runs under rule set ${ruleSet.number}, which judges reports and links, not places.`);
    return;
  }
  const rules = { ruleSet, genesis: createGenesisState(genesis) };
  const modules = { log, archive, verify: fastVerifySignature, salt: randomBytes(16) };
  for await (const result of recomputeClosedEpochs(epoch, rules, modules)) {
    const account = accountOf(result, id.publicKey);
    console.log(flags.json ? JSON.stringify(account, plain) : explainHotspot(account, ruleSet).join('\n'));
    return;
  }
}

async function openOwnLog(dataDirectory: string) {
  const identity = await openValidatorIdentity(join(dataDirectory, 'keys'), createSystemRandom());
  const origin = originOf(identity);
  const { signer } = identity;
  const key = noteKeyOf({ name: origin, publicKey: signer.publicKey, sign: (message) => signer.sign(message) });
  const log = await openLogReader({ origin, key }, { objects: folderSource(logFolder(dataDirectory), nodeFileSystem) });
  const { genesis, ruleSet } = readGenesis(await log.readEntry(0), fastVerifySignature);
  return { log, genesis, ruleSet };
}

/** Bytes as hex, amounts as decimal text. */
function plain(_: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return typeof value === 'bigint' ? String(value) : value;
}
