import { join } from 'node:path';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import type { UnixMs } from '@sextant/firmware-bridge/protocol';
import { createSystemRandom } from '@sextant/firmware-bridge/random';
import { folderSource, LedgerError, nodeFileSystem, noteKeyOf, openLogReader } from '../ledger/index.ts';
import { logFolder, originOf } from '../open-log.ts';
import { readGenesis } from '../validator/genesis.ts';
import { openValidatorIdentity, type ValidatorIdentity } from '../validator/identity.ts';
import { createInvitationCodes, INVITATION_LIFETIME_MS } from '../validator/invitation-codes.ts';
import { type Settings, SettingsError } from './settings.ts';

/** Prints a code that makes one key known. The oracle need not be told: the code carries its own proof. */
export async function runInvite(settings: Settings, flags: { survey?: boolean; json?: boolean }): Promise<void> {
  const random = createSystemRandom();
  const identity = await openValidatorIdentity(join(settings.data, 'keys'), random);
  const networkId = await readNetworkId(settings.data, identity);
  const participant = flags.survey ? 'survey_device' : 'hotspot';
  const expiresAtMs = (createSystemClock().now() + INVITATION_LIFETIME_MS) as UnixMs;
  const code = createInvitationCodes(networkId, identity.invitationSecret).create(
    { participant, expiresAtMs },
    random.bytes(8),
  );
  if (flags.json) {
    console.log(JSON.stringify({ code, participant, networkId, expiresAt: new Date(expiresAtMs).toISOString() }));
    return;
  }
  console.log(code);
  console.error(
    `Good for one ${flags.survey ? 'survey device' : 'hotspot'} of ${networkId}, for 30 days. Its owner runs:`,
  );
  console.error(`  sextant-bridge init --network ${publicUrl(settings)} --invitation ${code}`);
}

async function readNetworkId(dataDirectory: string, identity: ValidatorIdentity): Promise<string> {
  const origin = originOf(identity);
  const { publicKey, sign } = {
    publicKey: identity.signer.publicKey,
    sign: (m: Uint8Array) => identity.signer.sign(m),
  };
  try {
    const log = await openLogReader(
      { origin, key: noteKeyOf({ name: origin, publicKey, sign }) },
      { objects: folderSource(logFolder(dataDirectory), nodeFileSystem) },
    );
    return readGenesis(await log.readEntry(0), fastVerifySignature).genesis.networkId;
  } catch (error) {
    if (!(error instanceof LedgerError) || error.code !== 'not_found') throw error;
    throw new SettingsError(`There is no network in ${dataDirectory} yet: run sextant-oracle start first.`);
  }
}

const publicUrl = (settings: Settings): string =>
  settings['public-url'] ?? `http://${settings['http-host']}:${settings['http-port']}`;
