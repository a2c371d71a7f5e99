import { didYouMean } from '@sextant/firmware-bridge/console';
import { ACCUSATION_CODES, type AccusationCode, type Ruling } from '@sextant/firmware-bridge/protocol';
import { askOperator } from '../operator/ask-operator.ts';
import type { AccusedView, OperatorAnswer, OperatorContext } from '../operator/operator-request.ts';
import { noOperands, participantOperand } from './participant-operand.ts';
import { type Settings, SettingsError } from './settings.ts';

const USAGE = 'sextant-oracle review <hotspot, hs1…> --accusation CODE --dismiss|--uphold';

/** Lists what stands against hotspots, with the evidence, and which appeals wait for a review. */
export async function runAccusations(
  settings: Settings,
  flags: { readonly json?: boolean; readonly all?: boolean },
  operands: readonly string[] = [],
): Promise<void> {
  noOperands(operands, 'accusations');
  const { context, accused } = await askOperator(settings.data, { ask: 'accusations' });
  if (flags.json) {
    console.log(JSON.stringify({ ...context, accused }));
    return;
  }
  const problem = whyNone(context);
  if (problem !== undefined) {
    console.log(problem);
    return;
  }
  const { latestClosedEpoch } = context;
  const shown = flags.all ? accused : accused.filter(({ accusation }) => accusation.accused);
  for (const one of shown) console.log([...linesOf(one), ''].join('\n'));
  const waiting = shown.filter(isWaiting).length;
  const hidden = accused.length - shown.length;
  const more = hidden > 0 ? ` Besides, ${hidden} suspicions and dismissed accusations: see them with --all.` : '';
  console.log(
    `After epoch ${latestClosedEpoch}: ${counted(shown.length, 'accusation')}, ${counted(waiting, 'appeal')} waiting for your review.${more}`,
  );
  console.log('An appeal is seen here when the epoch it came in has closed.');
}

/** Says what this validator thinks of an appeal. */
export async function runReview(
  settings: Settings,
  flags: {
    readonly accusation?: string;
    readonly dismiss?: boolean;
    readonly uphold?: boolean;
    readonly json?: boolean;
  },
  operands: readonly string[] = [],
): Promise<void> {
  const { id } = participantOperand(operands, USAGE);
  const accusation = codeOf(flags.accusation);
  const ruling = rulingOf(flags);
  const { context, result, standing } = await askOperator(settings.data, { ask: 'review', id, accusation, ruling });
  if (!result.ok) throw new SettingsError(refusalText(result.reason, { id, accusation, standing, context }));
  if (flags.json) {
    console.log(JSON.stringify({ id, accusation, ruling, ...result, ...context }));
    return;
  }
  const { isNew, appealEpoch } = result;
  const done = isNew ? 'Written into the log' : 'Nothing to do, the log has it already';
  console.log(`${done}: the appeal of epoch ${appealEpoch} against ${accusation} is ${ruling} by this validator.`);
  if (!isNew) return;
  const { epoch, quorum } = context;
  console.log(
    quorum === 1
      ? `It is ruled when epoch ${epoch} closes. ${consequence(ruling)}`
      : `It counts when epoch ${epoch} closes, and is ruled when ${quorum} validators say the same. ${consequence(ruling)}`,
  );
}

const consequence = (ruling: Ruling): string =>
  ruling === 'dismissed'
    ? 'The accusation then counts no more, and the same is not raised again while it would have decayed.'
    : 'The accusation then stays until it has decayed, and cannot be appealed again.';

const isWaiting = ({ accusation: { appeal }, own }: AccusedView): boolean =>
  appeal !== undefined && appeal.ruling === undefined && own === undefined;

function linesOf(view: AccusedView): string[] {
  const { id, name, accusation, lines, own } = view;
  return [
    `${name} (${id})`,
    ...lines.map((line) => `  ${line}`),
    ...(own && accusation.appeal?.ruling === undefined
      ? [`    you have said: ${own}; it counts when the epoch closes`]
      : []),
    ...(isWaiting(view)
      ? [`    To review it:  sextant-oracle review ${id} --accusation ${accusation.code} --dismiss  (or --uphold)`]
      : []),
  ];
}

function codeOf(text: string | undefined): AccusationCode {
  const code = ACCUSATION_CODES.find((known) => known === text);
  if (code) return code;
  const what =
    text === undefined ? 'Which accusation?' : `"${text}" is no accusation.${didYouMean(text, ACCUSATION_CODES)}`;
  throw new SettingsError(`${what} ${USAGE}; what stands is listed by  sextant-oracle accusations.`);
}

function rulingOf({ dismiss, uphold }: { readonly dismiss?: boolean; readonly uphold?: boolean }): Ruling {
  if (dismiss === uphold) throw new SettingsError(`Say one of --dismiss (the owner is right) and --uphold. ${USAGE}`);
  return dismiss ? 'dismissed' : 'upheld';
}

interface Refused {
  readonly id: string;
  readonly accusation: AccusationCode;
  readonly standing: readonly string[];
  readonly context: OperatorContext;
}

type RefusedReview = Extract<Extract<OperatorAnswer, { ask: 'review' }>['result'], { ok: false }>['reason'];

function refusalText(reason: RefusedReview, { id, accusation, standing, context }: Refused): string {
  switch (reason) {
    case 'no_closed_epoch':
      return whyNone(context) ?? 'The state of the last epoch cannot be read: run  sextant-oracle rebuild.';
    case 'unknown_key':
      return `${id} is no hotspot of ${context.networkId}, or nothing is known about its place yet.`;
    case 'no_such_accusation':
      return `${accusation} does not stand against ${id}; ${standing.length === 0 ? 'nothing does' : `what does: ${standing.join(', ')}`}.`;
    case 'not_appealed':
      return `The owner of ${id} has not appealed against ${accusation}: there is nothing to review. An appeal is seen when the epoch it came in has closed.`;
    case 'already_ruled':
      return `The appeal of ${id} against ${accusation} is ruled: see  sextant-oracle accusations --all.`;
    case 'too_late':
      return `The time to review the appeal of ${id} against ${accusation} is over; the owner may appeal again.`;
    case 'said_otherwise':
      return `This validator has said the opposite about this appeal. Each has one word, and the first counts.`;
  }
}

function whyNone({ judgesPlaces, ruleSet, latestClosedEpoch }: OperatorContext): string | undefined {
  if (!judgesPlaces) return `This network runs under rule set ${ruleSet}, which knows no accusations.`;
  return latestClosedEpoch < 0 ? 'No epoch is closed yet: nobody is accused of anything.' : undefined;
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
