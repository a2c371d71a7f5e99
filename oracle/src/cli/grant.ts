import type { GrantKind } from '@sextant/firmware-bridge/protocol';
import { askOperator } from '../operator/ask-operator.ts';
import { GRANT_EPOCHS_MAX, type OperatorContext } from '../operator/operator-request.ts';
import { noOperands, participantOperand } from './participant-operand.ts';
import { type Settings, SettingsError } from './settings.ts';

const USAGE = 'sextant-oracle grant <hs1… or sv1…> [--as anchor|survey] [--epochs N]';
/** A year of days: an audit ages. */
const DEFAULT_EPOCHS = 365;

const GRANT_OF_WORD: Readonly<Record<string, GrantKind>> = { anchor: 'anchor', survey: 'survey_device' };
const WORDS: Readonly<Record<GrantKind, string>> = { anchor: 'audited anchor', survey_device: 'survey device' };

const ANCHOR_WARNING =
  'Trust flows from anchors: what this hotspot hears makes places believed, and others paid, until the grant ends; it cannot be\n' +
  'taken back before. Grant only what you have seen yourself: the antenna, its place, and who has the key.';

/** Lets a hotspot count as an audited anchor, or a survey device's coverage count, until the grant ends. */
export async function runGrant(
  settings: Settings,
  flags: { readonly as?: string; readonly epochs?: string; readonly json?: boolean },
  operands: readonly string[] = [],
): Promise<void> {
  const { id, kind } = participantOperand(operands, USAGE);
  const grant = grantOf(flags.as, kind === 'hotspot' ? 'anchor' : 'survey_device');
  const epochs = epochsOf(flags.epochs);
  const { context, result } = await askOperator(settings.data, { ask: 'grant', id, grant, epochs });
  if (!result.ok)
    throw new SettingsError(result.reason === 'unknown_key' ? unknown(id, context) : otherKind(id, grant));
  if (flags.json) {
    console.log(JSON.stringify({ id, grant, ...result, ...context }));
    return;
  }
  const { lastEpoch, isNew } = result;
  console.log(
    isNew
      ? `Granted: ${id} is ${article(grant)} of ${context.networkId} up to and with epoch ${lastEpoch}.`
      : `Nothing to do: ${id} is ${article(grant)} up to and with epoch ${lastEpoch} already. A longer --epochs prolongs it; no grant is shortened.`,
  );
  if (grant === 'anchor') console.error(ANCHOR_WARNING);
  for (const line of notesOf(context, grant)) console.error(line);
}

/** Lists what this validator grants. */
export async function runGrants(
  settings: Settings,
  flags: { readonly json?: boolean },
  operands: readonly string[] = [],
): Promise<void> {
  noOperands(operands, 'grants');
  const { context, grants } = await askOperator(settings.data, { ask: 'grants' });
  if (flags.json) {
    console.log(JSON.stringify({ ...context, grants }));
    return;
  }
  if (grants.length === 0) {
    console.log(`This validator grants nothing now (epoch ${context.epoch}). To grant: ${USAGE}`);
    return;
  }
  for (const { id, name, grant, lastEpoch } of grants) {
    const left = lastEpoch - Math.max(0, context.epoch);
    const end = left === 0 ? 'the running one' : `${left} more after the running one`;
    console.log(`${WORDS[grant].padEnd(15)} ${id}  ${name}, up to and with epoch ${lastEpoch} (${end})`);
  }
  if (context.quorum > 1)
    console.error(`A grant is in force where ${context.quorum} validators give it; these are yours.`);
}

function grantOf(word: string | undefined, fitting: GrantKind): GrantKind {
  if (word === undefined) return fitting;
  const grant = Object.hasOwn(GRANT_OF_WORD, word) ? GRANT_OF_WORD[word] : undefined;
  if (!grant)
    throw new SettingsError(`--as is anchor (a hotspot you have audited) or survey (a survey device), not "${word}".`);
  if (grant === fitting) return grant;
  throw new SettingsError(
    grant === 'anchor'
      ? 'Only a hotspot (hs1…) can be an anchor; this is a survey device: leave --as out.'
      : 'Only a survey device (sv1…) can be granted as one; this is a hotspot. Its owner makes the other kind of key with  sextant-bridge init --survey.',
  );
}

function epochsOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_EPOCHS;
  const epochs = Number(text);
  if (/^\d{1,6}$/.test(text) && epochs >= 1 && epochs <= GRANT_EPOCHS_MAX) return epochs;
  throw new SettingsError(
    `--epochs is a whole number from 1 to ${GRANT_EPOCHS_MAX}, the running epoch counted, not "${text}".`,
  );
}

const article = (grant: GrantKind): string => `${grant === 'anchor' ? 'an' : 'a'} ${WORDS[grant]}`;

const unknown = (id: string, { networkId }: OperatorContext): string =>
  `${networkId} knows no key ${id}. Its owner joins first: make a code with  sextant-oracle invite${id.startsWith('sv1') ? ' --survey' : ''}.`;

const otherKind = (id: string, grant: GrantKind): string =>
  `${id} has joined as another kind of participant, and cannot be ${article(grant)}.`;

function notesOf({ judgesPlaces, quorum, ruleSet }: OperatorContext, grant: GrantKind): readonly string[] {
  return [
    ...(quorum > 1
      ? [`It is in force where ${quorum} validators grant it: ask the others' operators to do the same.`]
      : []),
    ...(grant === 'anchor' && !judgesPlaces
      ? [
          `This network runs under rule set ${ruleSet}, which knows no trust: the grant stands in the log and changes nothing.`,
        ]
      : []),
  ];
}
