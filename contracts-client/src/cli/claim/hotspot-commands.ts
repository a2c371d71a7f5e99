import type { Hex } from 'viem';
import { acceptTransferCall } from '../../actions/accept-transfer.ts';
import { freezeHotspotCall } from '../../actions/freeze-hotspot.ts';
import { offerTransferCall } from '../../actions/offer-transfer.ts';
import { readHolding, readRequiredDeposit } from '../../actions/read-holding.ts';
import { registerHotspotCall } from '../../actions/register-hotspot.ts';
import { releaseHotspotCall } from '../../actions/release-hotspot.ts';
import { requestReleaseCall } from '../../actions/request-release.ts';
import { setPayoutCall } from '../../actions/set-payout.ts';
import { UsageError } from '../usage-error.ts';
import { type ClaimContext, submit } from './context.ts';
import { parseAddress } from './settings.ts';

const KEY_DIGITS = 64;
const POSSESSION_DIGITS = 128;
/** Said wherever an epoch's pay changes. */
const COUNTS = 'It counts for the epoch that ends next once this block is final.';

/** Hex of a fixed length, with or without 0x. Throws UsageError. */
function parseHex(name: string, text: string | undefined, digits: number): Hex {
  const match = new RegExp(`^(?:0x)?([0-9a-fA-F]{${digits}})$`).exec(text ?? '');
  if (match?.[1] === undefined) throw new UsageError(`${name} has to be ${digits} hex digits.`);
  return `0x${match[1].toLowerCase()}`;
}

const keyOf = ({ settings }: ClaimContext): Hex => parseHex("The hotspot's key", settings.subject, KEY_DIGITS);

export async function registerCommand(context: ClaimContext): Promise<number> {
  const key = keyOf(context);
  const possession = parseHex('--possession', context.settings.possession, POSSESSION_DIGITS);
  const deposit = await readRequiredDeposit(context.reader, context.deployment);
  await submit(
    context,
    registerHotspotCall(context.deployment, key, possession, deposit),
    `Registered ${key} with a deposit of ${deposit} wei. ${COUNTS}`,
  );
  return 0;
}

export async function transferCommand(context: ClaimContext): Promise<number> {
  const key = keyOf(context);
  const { to, from } = context.settings;
  if ((to === undefined) === (from === undefined)) {
    throw new UsageError('Give either --to ADDRESS (you offer it) or --from ADDRESS (you accept it).');
  }
  if (to !== undefined) {
    const call = offerTransferCall(context.deployment, key, to);
    await submit(context, call, `Offered ${key} to ${to}. It stays yours until they run  transfer KEY --from YOU.`);
  } else if (from !== undefined) {
    await submit(context, acceptTransferCall(context.deployment, key, from), `${key} is yours. ${COUNTS}`);
  }
  return 0;
}

export async function payoutCommand(context: ClaimContext): Promise<number> {
  const { subject } = context.settings;
  if (subject === undefined) throw new UsageError('payout takes the address that is to be paid.');
  const payout = parseAddress('payout', subject);
  await submit(context, setPayoutCall(context.deployment, payout), `${payout} is paid what you earn. ${COUNTS}`);
  return 0;
}

export async function freezeCommand(context: ClaimContext): Promise<number> {
  const key = keyOf(context);
  const frozen = !context.settings.undo;
  await submit(
    context,
    freezeHotspotCall(context.deployment, key, frozen),
    `${key} is ${frozen ? 'frozen: it earns nothing' : 'free again'}. ${COUNTS}`,
  );
  return 0;
}

/** Asks for the release first, and takes the deposit once it is due. */
export async function releaseCommand(context: ClaimContext): Promise<number> {
  const key = keyOf(context);
  const owner = (await context.openWallet()).account.address;
  const { releasableAtSeconds } = await readHolding(context.reader, context.deployment, key, owner);
  if (releasableAtSeconds === undefined) {
    await submit(
      context,
      requestReleaseCall(context.deployment, key),
      `Release of ${key} asked for. It goes on earning; run this again after the delay to get the deposit back.`,
    );
    return 0;
  }
  await submit(
    context,
    releaseHotspotCall(context.deployment, key, owner),
    `${key} is released, its deposit is back. ${COUNTS}`,
  );
  return 0;
}
