import { readFile, stat } from 'node:fs/promises';
import { sha256 } from '@noble/hashes/sha2.js';
import { AppealError, digestOf, formatAppealFile, parseOwnerSignature, readAppealFile } from '../appeal/appeal-file.ts';
import { appealRequest, FIRST_RULE_SET_WITH_APPEALS } from '../appeal/appeal-request.ts';
import { type Accusation, fetchAccusations, fetchOwner, fetchStanding, type Standing } from '../appeal/standing.ts';
import { closingText, standingLines } from '../appeal/standing-text.ts';
import type { Clock } from '../clock.ts';
import { didYouMean } from '../config/suggest.ts';
import { writeFileAtOnce } from '../config/write-file.ts';
import type { NetworkFacts } from '../network/network-facts.ts';
import {
  ACCUSATION_CODES,
  type AccusationCode,
  bytesToHex,
  epochAt,
  formatId,
  isOwnerSignature,
  parseId,
} from '../protocol/index.ts';
import { handInAppeal, NotRunningError } from '../status/fetch-status.ts';
import type { DataFolder } from './data-folder.ts';
import { readConfig, readNetwork } from './run-setup.ts';
import type { Terminal } from './terminal.ts';

type Flags = Readonly<Record<string, string | true>>;

export interface AppealModules {
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
}

interface Appealing {
  readonly clock: Clock;
  readonly terminal: Terminal;
  readonly folder: DataFolder;
  readonly facts: NetworkFacts;
  readonly networkUrl: string;
  /** Ids of the hotspots the bridge serves. */
  readonly hotspots: readonly string[];
}

/** Says what stands against hotspots, writes what the owner signs, or hands the signed appeal in. Gives the exit code. */
export async function appealCommand(
  flags: Flags,
  folder: DataFolder,
  { terminal, environment, clock }: AppealModules,
): Promise<number> {
  const text = (name: string): string | undefined => (typeof flags[name] === 'string' ? flags[name] : undefined);
  const networkFlag = text('network-url');
  const { settings, gateways } = await readConfig(
    folder,
    networkFlag ? { 'network-url': networkFlag } : {},
    environment,
  );
  const facts = await readNetwork(folder);
  if (settings.network_url === undefined) {
    throw new AppealError('The configuration has no network_url: say which validator to ask with --network-url URL.');
  }
  const hotspots = gateways.flatMap(({ kind, id }) => (kind === 'hotspot' ? [id] : []));
  const appealing = { clock, terminal, folder, facts, networkUrl: settings.network_url, hotspots };
  const [send, write, accusation] = [text('send'), text('write'), text('accusation')];
  if (send !== undefined) return sendAppeal(send, text('signature'), appealing);
  if (write === undefined && accusation === undefined) return show(text('hotspot'), flags['json'] === true, appealing);
  if (write === undefined || accusation === undefined) {
    throw new AppealError(
      '--accusation CODE and --write FILE belong together: what to appeal against, and where to write what is signed.',
    );
  }
  const statement = text('statement');
  const hash = statement === undefined ? {} : { statementHash: await hashOf(statement) };
  return writeAppeal({ file: write, code: codeOf(accusation), hotspot: text('hotspot'), ...hash }, appealing);
}

async function show(hotspot: string | undefined, isJson: boolean, appealing: Appealing): Promise<number> {
  const { terminal, networkUrl, facts, hotspots } = appealing;
  if (facts.ruleSet < FIRST_RULE_SET_WITH_APPEALS && !isJson) {
    terminal.say(
      `${facts.networkId} runs under rule set ${facts.ruleSet}, which accuses nobody: there is nothing to appeal.`,
    );
    return 0;
  }
  const shown = hotspot === undefined ? hotspots : [oneOf(hotspot, hotspots)];
  const all: (Standing & { readonly id: string })[] = [];
  for (const id of shown) all.push({ id, ...(await fetchStanding(networkUrl, id)) });
  if (isJson) {
    terminal.say(JSON.stringify(all));
    return 0;
  }
  for (const one of all) terminal.say([...standingLines(one.id, one, facts.timing), ''].join('\n'));
  return 0;
}

interface Wish {
  readonly file: string;
  readonly code: AccusationCode;
  readonly hotspot: string | undefined;
  readonly statementHash?: Uint8Array;
}

async function writeAppeal({ file, code, hotspot, statementHash }: Wish, appealing: Appealing): Promise<number> {
  const { terminal, facts, networkUrl, hotspots } = appealing;
  const candidates = hotspot === undefined ? hotspots : [oneOf(hotspot, hotspots)];
  const standing: { readonly id: string; readonly accusations: readonly Accusation[] }[] = [];
  for (const id of candidates) standing.push({ id, ...(await fetchAccusations(networkUrl, id)) });
  const accused = standing.filter(({ accusations }) => accusations.some((one) => one.code === code));
  const [first, ...others] = accused;
  if (!first)
    throw new AppealError(`${code} stands against none of ${candidates.join(', ')}. What does:  sextant-bridge appeal`);
  if (others.length > 0) {
    throw new AppealError(
      `${code} stands against ${accused.map(({ id }) => id).join(' and ')}: say which with --hotspot ID.`,
    );
  }
  const accusation = first.accusations.find((one) => one.code === code);
  if (!accusation) throw new AppealError(`${code} does not stand any more.`);
  requireAppealable(accusation);
  const owner = await fetchOwner(networkUrl, first.id);
  const key = parseId(first.id)?.publicKey ?? new Uint8Array(0);
  const hash = statementHash ? { statementHash } : {};
  await writeFileAtOnce(
    file,
    formatAppealFile({ networkId: facts.networkId, key, accusation: code, epoch: accusation.epoch, ...hash }),
    0o644,
  );
  terminal.say(
    [
      `Written to ${file}: the appeal of ${first.id} against ${code}, borne out last in epoch ${accusation.epoch}.`,
      `Its owner, 0x${bytesToHex(owner)}, signs it where the key is:`,
      `  sextant-claim appeal ${file} --keystore wallet.json`,
      'Then hand it to the running bridge:',
      `  sextant-bridge appeal --send ${file}`,
    ].join('\n'),
  );
  return 0;
}

async function sendAppeal(file: string, given: string | undefined, appealing: Appealing): Promise<number> {
  const { terminal, facts, folder, networkUrl, hotspots } = appealing;
  const { statement, signature } = await readAppealFile(file);
  const { networkId, key, accusation: code, epoch } = statement;
  if (networkId !== facts.networkId)
    throw new AppealError(`${file} is for network ${networkId}; this bridge belongs to ${facts.networkId}.`);
  const id = oneOf(formatId('hotspot', key), hotspots);
  const signed = given ?? signature;
  if (signed === undefined) {
    throw new AppealError(
      `${file} is not signed yet. The owner runs  sextant-claim appeal ${file} --keystore wallet.json, or give --signature.`,
    );
  }
  const ownerSignature = parseOwnerSignature(signed);
  const owner = await fetchOwner(networkUrl, id);
  if (!isOwnerSignature(digestOf(statement), ownerSignature, owner)) {
    throw new AppealError(
      `The signature is not of the owner, 0x${bytesToHex(owner)}, over what is in ${file}. Was it changed after it was signed, or signed with another key?`,
    );
  }
  const { accusations } = await fetchAccusations(networkUrl, id);
  const accusation = accusations.find((one) => one.code === code);
  if (!accusation) throw new AppealError(`${code} does not stand against ${id} any more: there is nothing to appeal.`);
  requireAppealable(accusation);
  if (epoch > accusation.epoch || accusation.epoch - epoch > accusation.reviewEpochs) {
    throw new AppealError(
      `${file} names the evidence of epoch ${epoch}, and that of epoch ${accusation.epoch} stands now. Write and sign it anew.`,
    );
  }
  const { statementHash } = statement;
  const report = {
    kind: 'appeal',
    accusation: code,
    epoch,
    ownerSignature,
    ...(statementHash ? { statementHash } : {}),
  } as const;
  await handIn(id, appealRequest(id, report), folder);
  terminal.say(whatHappensNext(accusation, appealing).join('\n'));
  return 0;
}

async function handIn(
  id: string,
  request: ReturnType<typeof appealRequest>,
  { root, statusDoor }: DataFolder,
): Promise<void> {
  try {
    if (await handInAppeal(statusDoor, request)) return;
  } catch (error) {
    if (!(error instanceof NotRunningError)) throw error;
    throw new AppealError(
      `No bridge is running on ${root} (${error.message}). Start it, and send the appeal again:  sextant-bridge run --data ${root}`,
    );
  }
  throw new AppealError(
    `The bridge that runs does not serve ${id}. Was it started before the configuration was changed? Start it anew.`,
  );
}

function whatHappensNext({ reviewEpochs }: Accusation, { facts, clock }: Appealing): string[] {
  const { timing } = facts;
  const epoch = Math.max(0, epochAt(timing, clock.now()));
  return [
    'The appeal is in the outbox of the bridge, which brings it to every validator.',
    `It counts when the epoch it came in closes, most likely ${closingText(epoch, timing)}.`,
    `Validators can then review it for ${reviewEpochs} epochs, to ${closingText(epoch + reviewEpochs, timing)}.`,
    'What has become of it:  sextant-bridge appeal',
  ];
}

/** Throws AppealError where an appeal would change nothing. */
function requireAppealable({ accused, appeal, code, endsEpoch }: Accusation): void {
  if (appeal?.ruling)
    throw new AppealError(`Validators have ruled on ${code} already: ${appeal.ruling}. It cannot be appealed again.`);
  if (appeal)
    throw new AppealError(
      `An appeal against ${code} is being reviewed already, until epoch ${appeal.lastReviewEpoch}. Wait for it.`,
    );
  if (!accused)
    throw new AppealError(
      `${code} is a mere suspicion so far, which cannot be appealed: it ends in epoch ${endsEpoch} unless that one bears it out.`,
    );
}

function oneOf(id: string, hotspots: readonly string[]): string {
  if (hotspots.includes(id)) return id;
  const why = parseId(id) ? 'is none of this bridge’s hotspots' : 'is no id, or mistyped';
  throw new AppealError(`${id} ${why}. It serves: ${hotspots.join(', ') || 'none'}. Another folder: --data FOLDER.`);
}

function codeOf(text: string): AccusationCode {
  const code = ACCUSATION_CODES.find((known) => known === text);
  if (code) return code;
  throw new AppealError(
    `"${text}" is no accusation.${didYouMean(text, ACCUSATION_CODES)} What stands is listed by  sextant-bridge appeal`,
  );
}

const STATEMENT_MAX_BYTES = 1_048_576;

async function hashOf(file: string): Promise<Uint8Array> {
  try {
    if ((await stat(file)).size <= STATEMENT_MAX_BYTES) return sha256(await readFile(file));
  } catch {
    throw new AppealError(`--statement ${file} cannot be read. Check the path.`);
  }
  throw new AppealError(`--statement ${file} is longer than 1 MiB: sum it up.`);
}
