import { bytesToHex } from '@sextant/firmware-bridge/protocol';
import type { LinkStatistic, RecentEvidence } from '../../location/evidence.ts';
import type { RuleSet2 } from '../../ruleset/index.ts';
import type { JudgedEpoch } from '../close/judge-epoch.ts';
import type { EpochContext } from '../epoch-context.ts';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import type { Knowledge } from '../known/knowledge.ts';
import type { LinkGeneration, RadioActivity } from '../state/place-state.ts';
import type { PlacedRadio } from './place-radios.ts';
import { emptyGeneration, type OpenGeneration, rollWindow } from './roll-window.ts';

interface Inputs {
  readonly context: EpochContext;
  readonly ruleSet: RuleSet2;
  readonly facts: EpochFacts;
  readonly knowledge: Knowledge;
  readonly judged: JudgedEpoch;
  readonly radios: readonly PlacedRadio[];
  /** Hex of a key → hex of the one it has inherited from. */
  readonly heirs: ReadonlyMap<string, string>;
}

/** What an epoch leaves of the window, and what it is judged by. Radios are named by their places in the list. */
export interface LinkWindow {
  /** Of the next state, oldest first. */
  readonly generations: readonly LinkGeneration[];
  /** All of the window. */
  readonly links: readonly LinkStatistic[];
  readonly activity: readonly RadioActivity[];
  readonly recent: readonly RecentEvidence[];
}

/** The window after an epoch. What was measured before one of its ends moved is no part of it any more. */
export function nextWindow(inputs: Inputs): LinkWindow {
  const { context, ruleSet, radios } = inputs;
  const numbers = numbersOf(radios, inputs.heirs);
  const latest = emptyGeneration(Math.floor(context.epoch / ruleSet.window.generationEpochs), radios.length);
  addEpoch(latest, numbers, inputs);
  const before = context.state.window.map((generation) => reopened(generation, numbers, inputs));
  const { generations, recent, whole } = rollWindow(before, latest);
  return {
    generations: generations.map((generation) => packed(generation, radios)),
    links: whole.statistics.list(),
    activity: whole.activity,
    recent: recent.map(({ statistics, activity }) => ({ links: statistics.list(), activity })),
  };
}

/** The radio a key stands for, by its hex: a key that has handed over stands for its heir. */
function numbersOf(radios: readonly PlacedRadio[], heirs: ReadonlyMap<string, string>): Map<string, number> {
  const numbers = new Map<string, number>();
  radios.forEach(({ radio }, i) => {
    const seen = new Set<string>();
    for (let name = bytesToHex(radio.key), old = heirs.get(name); ; old = heirs.get(name)) {
      if (!numbers.has(name)) numbers.set(name, i);
      seen.add(name);
      if (old === undefined || seen.has(old)) break;
      name = old;
    }
  });
  // A key that still takes part itself stands for itself.
  radios.forEach(({ radio }, i) => numbers.set(bytesToHex(radio.key), i));
  return numbers;
}

function reopened(
  { generation, keys, activity, links }: LinkGeneration,
  numbers: ReadonlyMap<string, number>,
  { radios, context }: Inputs,
): OpenGeneration {
  const open = emptyGeneration(generation, radios.length);
  const numberOf = keys.map((key) => numbers.get(bytesToHex(key)));
  activity.forEach(({ transmissions, onlineRounds }, i) => {
    const number = numberOf[i] ?? -1;
    const entry = open.activity[number];
    // What was sent and heard at a place it has left says nothing about the new one.
    if (!entry || radios[number]?.radio.fromEpoch === context.epoch) return;
    entry.transmissions += transmissions;
    entry.onlineRounds += onlineRounds;
  });
  for (const link of links) {
    const [sender, receiver] = [numberOf[link.sender], numberOf[link.receiver]];
    if (sender === undefined || receiver === undefined) continue;
    const renamed = { ...link, sender, receiver };
    if (holds(renamed, radios)) open.statistics.merge(renamed);
  }
  return open;
}

/** Nobody has moved since: a survey device is where each transmission says, and has no place to move from. */
function holds({ sender, receiver, senderCell, firstEpoch }: LinkStatistic, radios: readonly PlacedRadio[]): boolean {
  const [from, to] = [radios[sender]?.radio, radios[receiver]?.radio];
  if (!from || to?.cell === undefined || firstEpoch < to.fromEpoch) return false;
  return from.kind === 'survey_device' || (from.cell === senderCell && firstEpoch >= from.fromEpoch);
}

/** The epoch's own valid links between places that are asserted at its end, and who was there. */
function addEpoch(
  { statistics, activity }: OpenGeneration,
  numbers: ReadonlyMap<string, number>,
  { context, ruleSet, facts, knowledge, judged, radios }: Inputs,
): void {
  const numberOf = (key: number): number => numbers.get(bytesToHex(facts.reports.keyOf(key))) ?? -1;
  const { links, transmissions } = judged;
  for (const transmission of transmissions) {
    const sender = numberOf(facts.reports.reporterNumber(transmission.row));
    const active = activity[sender];
    if (!active) continue;
    const { cell: senderCell, eirpDdbm } = transmission.facts;
    const from = radios[sender]?.radio;
    if (from?.kind === 'survey_device' || from?.cell === senderCell) active.transmissions++;
    for (let link = transmission.firstLink; link < transmission.firstLink + transmission.links; link++) {
      const receiver = numberOf(links.witnessOf(link));
      const espDdbm = links.referenceEspDdbmOf(link) - ruleSet.coverage.referenceEirpDdbm + eirpDdbm;
      const reception = { sender, receiver, senderCell, eirpDdbm, espDdbm, delayMs: links.delayMsOf(link) };
      const witness = facts.reports.keyOf(links.witnessOf(link));
      const heardAt = knowledge.assertionAt(witness, transmission.facts.round)?.report.cell;
      if (isAtHome(reception, heardAt, radios)) statistics.add(reception, context.epoch);
    }
  }
  for (let round = context.firstRound; round < context.nextFirstRound; round++) {
    const online = new Set([...facts.onlineIn(round)].map(numberOf));
    for (const number of online) {
      const active = activity[number];
      if (active) active.onlineRounds++;
    }
  }
}

function isAtHome(
  { sender, receiver, senderCell }: Pick<LinkStatistic, 'sender' | 'receiver' | 'senderCell'>,
  heardAt: bigint | undefined,
  radios: readonly PlacedRadio[],
): boolean {
  const [from, to] = [radios[sender]?.radio, radios[receiver]?.radio];
  if (!from || to?.cell === undefined || to.cell !== heardAt) return false;
  return from.kind === 'survey_device' || from.cell === senderCell;
}

/** Only the radios that have done something, so that the older generation stays the same while others come and go. */
function packed({ generation, statistics, activity }: OpenGeneration, radios: readonly PlacedRadio[]): LinkGeneration {
  const links = statistics.list();
  const used = new Set(links.flatMap(({ sender, receiver }) => [sender, receiver]));
  activity.forEach(({ transmissions, onlineRounds }, i) => {
    if (transmissions + onlineRounds > 0) used.add(i);
  });
  const numbers = [...used].sort((a, b) => a - b);
  const place = new Map(numbers.map((number, i) => [number, i]));
  return {
    generation,
    keys: numbers.map((number) => (radios[number] as PlacedRadio).radio.key),
    activity: numbers.map((number) => ({ ...(activity[number] as RadioActivity) })),
    links: links.map((link) => ({
      ...link,
      sender: place.get(link.sender) as number,
      receiver: place.get(link.receiver) as number,
    })),
  };
}
