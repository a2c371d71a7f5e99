import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { gatewayTableText, newConfigText } from '../config/config-text.ts';
import { loadConfig } from '../config/load-config.ts';
import { writeFileAtOnce } from '../config/write-file.ts';
import { createParticipantKeys, type ParticipantKeys, readParticipantKeys } from '../keys/participant-keys.ts';
import { findClockProblem } from '../network/clock-advice.ts';
import { type NetworkJson, parsePinnedNetwork } from '../network/network-facts.ts';
import { fetchNetwork, joinNetwork } from '../network/oracle-http.ts';
import { bytesToHex, invitationCodeHash, joinMessage, REGION_PLAN_TEXTS } from '../protocol/index.ts';
import type { RandomSource } from '../random.ts';
import type { DataFolder } from './data-folder.ts';
import { hexagonPicture } from './hexagon.ts';
import { Questionnaire } from './init-questions.ts';
import { type InitWishes, readWishes } from './init-wishes.ts';
import type { Terminal } from './terminal.ts';

export interface InitModules {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly random: RandomSource;
}

const PRIVACY = `The log of a Sextant network is public for ever: nothing can be taken back. Of your place it holds this hexagon only.
The exact place stays with you; it is not even stored on this machine.`;

/** Makes one key, has the network know it, and writes the configuration. What comes back is the exit code. */
export async function initCommand(
  flags: Readonly<Record<string, string | true>>,
  folder: DataFolder,
  { terminal, clock, random }: InitModules,
): Promise<number> {
  const questions = new Questionnaire(flags, terminal);
  const wishes = await readWishes(questions);
  if (!wishes) return fail(terminal, questions.problems.join('\n'));
  const config = await readText(folder.config);
  const { facts, json, serverTimeMs } = await fetchNetwork(wishes.networkUrl);
  const problem =
    findDouble(config, folder, wishes) ??
    (await findOtherNetwork(folder, json)) ??
    findClockProblem(facts.timing, clock.now(), serverTimeMs);
  if (problem !== undefined) return fail(terminal, problem);
  if (!(await mayPublish(wishes, questions, terminal))) return fail(terminal, 'Nothing was done.');

  const keys = await takeKeys(folder, wishes, random);
  await joinWith(keys, wishes, facts.networkId);
  await writeFileAtOnce(folder.network, `${JSON.stringify(json, undefined, 2)}\n`);
  const table = gatewayTableText({ id: keys.id, ...wishes.fields });
  await writeFileAtOnce(folder.config, (config ?? newConfigText(wishes.networkUrl)) + table);
  await rm(unfinishedPath(folder, wishes), { force: true });
  terminal.say(farewell(wishes, keys, folder));
  return 0;
}

function fail(terminal: Terminal, problem: string): number {
  terminal.complain(problem);
  return 1;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function findDouble(text: string | undefined, { config: path }: DataFolder, { eui }: InitWishes): string | undefined {
  if (text === undefined) return undefined;
  const { gateways } = loadConfig({ flags: {}, environment: {}, file: { path, text } });
  const known = gateways.find((gateway) => gateway.eui === eui);
  return known && `Gateway ${eui} is set up already as ${known.id}, in ${path}. Edit it there, or remove it first.`;
}

/** One bridge belongs to one network, as it was when it was set up. */
async function findOtherNetwork({ network, root }: DataFolder, json: NetworkJson): Promise<string | undefined> {
  const text = await readText(network);
  if (text === undefined) return undefined;
  const pinned: unknown = JSON.parse(text);
  const { networkId } = parsePinnedNetwork(pinned);
  if (withoutBrokers(pinned) === withoutBrokers(json)) return undefined;
  return (
    `${root} belongs to network "${networkId}" as pinned in ${network}, and this address tells something else. If the ` +
    `network has really changed (ask its operators), move ${network} away; for another network use another --data folder.`
  );
}

/** A validator may move its broker: everything else is for ever. */
const withoutBrokers = (network: unknown): string =>
  JSON.stringify(network, (key, value: unknown) => (key === 'brokerUrl' ? undefined : value));

async function mayPublish(wishes: InitWishes, questions: Questionnaire, terminal: Terminal): Promise<boolean> {
  if (wishes.cell === undefined) {
    terminal.say(
      'A survey device publishes the hexagon (about 400 m across) of each transmission, for ever. Mind where you start.',
    );
  } else {
    terminal.say(`${PRIVACY}\n\n${hexagonPicture(wishes.cell)}`);
  }
  if (questions.isOn('yes') || !terminal.isInteractive) return true;
  return /^y(es)?$/i.test(await terminal.ask('Publish it? (yes/no) '));
}

/** Remembers the key of an init that did not come to its end: the invitation may be spent on it. */
const unfinishedPath = ({ keys }: DataFolder, { kind, eui }: InitWishes): string =>
  join(keys, `${kind}-${eui}.unfinished`);

async function takeKeys(folder: DataFolder, wishes: InitWishes, random: RandomSource): Promise<ParticipantKeys> {
  const unfinished = (await readText(unfinishedPath(folder, wishes)))?.trim();
  if (unfinished !== undefined) return readParticipantKeys(folder.keys, wishes.kind, unfinished);
  const keys = await createParticipantKeys(folder.keys, wishes.kind, random);
  await writeFileAtOnce(unfinishedPath(folder, wishes), `${keys.id}\n`);
  return keys;
}

async function joinWith({ id, signer }: ParticipantKeys, wishes: InitWishes, networkId: string): Promise<void> {
  const { kind: participant, owner, invitation: code, networkUrl } = wishes;
  if (code === undefined) return;
  const message = joinMessage(networkId, {
    key: signer.publicKey,
    participant,
    owner,
    codeHash: invitationCodeHash(code),
  });
  const keySignature = signer.sign(message);
  await joinNetwork(networkUrl, { key: id, participant, owner: `0x${bytesToHex(owner)}`, code, keySignature });
}

const depositSteps = ({ owner }: InitWishes): string => `
The network does not know it yet. Let it agree to its owner, and register it with a deposit:
  sextant-bridge agree --owner 0x${bytesToHex(owner)} --deployment deployment.json
It is known from the end of the epoch on in which that is final.

`;

function farewell(wishes: InitWishes, { id, name }: ParticipantKeys, folder: DataFolder): string {
  const isSurvey = wishes.kind === 'survey_device';
  const texts = REGION_PLAN_TEXTS[wishes.plan.name];
  const notes = [texts.noBeaconing, texts.setup].flatMap((note) => (note === undefined ? [] : [`\nNote: ${note}`]));
  return `
Welcome, ${name}!
  ${isSurvey ? 'survey device' : 'hotspot'}   ${id}
  keys      ${folder.keys}   (back this folder up: without it the ${isSurvey ? 'device' : 'hotspot'} is gone)
  settings  ${folder.config}
${notes.join('\n')}
${wishes.invitation === undefined ? depositSteps(wishes) : ''}Now point the packet forwarder to this machine (server_address 127.0.0.1, serv_port_up and serv_port_down 1700) and run:
  sextant-bridge ${isSurvey ? 'survey' : 'run'}`;
}
