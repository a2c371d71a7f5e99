import { bytesToHex, compareBytes } from '@sextant/firmware-bridge/protocol';
import { findCellCentre } from '../../geometry/cell.ts';
import { distanceM } from '../../geometry/distance.ts';
import { INITIAL_STANDING, type Radio, type Standing } from '../../location/evidence.ts';
import { horizonHeightM } from '../../rules/link/link-inputs.ts';
import type { RuleSet2 } from '../../ruleset/index.ts';
import { epochsOfDays, movesAfter } from '../../trust/index.ts';
import type { EpochContext } from '../epoch-context.ts';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import type { Knowledge } from '../known/knowledge.ts';
import type { ParticipantState } from '../state/epoch-state.ts';
import type { PlaceState } from '../state/place-state.ts';

/** A radio at the end of an epoch, before anything is judged. */
export interface PlacedRadio {
  readonly radio: Omit<Radio, 'transmissions' | 'onlineRounds'>;
  readonly place: PlaceState['place'];
  /** Of the epochs before; what belonged to a place it has left is left out. */
  readonly standing: Standing;
}

interface Inputs {
  readonly context: EpochContext;
  readonly ruleSet: RuleSet2;
  readonly facts: EpochFacts;
  readonly knowledge: Knowledge;
}

/** Every key that may take part in the epoch's last round, by key. An heir has the standing of the key it inherits from. */
export function placeRadios(inputs: Inputs): PlacedRadio[] {
  const { context, knowledge, facts } = inputs;
  const last = context.nextFirstRound - 1;
  const known = new Map(context.state.places.map((place) => [bytesToHex(place.key), place]));
  const heirs = heirsOf(inputs);
  const owners = new Map<string, number>();
  const keys = [...facts.known.all()].map(({ key }) => key);
  for (const { newKey } of knowledge.successions().byNewKey.values()) keys.push(newKey);
  return keys
    .sort(compareBytes)
    .filter((key) => knowledge.participantAt(key, last) !== undefined)
    .map((key) => {
      const name = bytesToHex(key);
      const before = known.get(name) ?? known.get(heirs.get(name) ?? '');
      return placeRadio(key, before, { ...inputs, owners });
    });
}

/** By the hex of a key: the hex of the one whose history it has, as far back as this state still names it. */
export function heirsOf({ context, knowledge }: Pick<Inputs, 'context' | 'knowledge'>): Map<string, string> {
  const heirs = new Map<string, string>();
  const add = (oldKey: Uint8Array, { key }: NonNullable<ParticipantState['successor']>): void => {
    heirs.set(bytesToHex(key), bytesToHex(oldKey));
  };
  for (const { key, successor } of context.state.participants) if (successor) add(key, successor);
  for (const { oldKey, newKey, fromRound } of knowledge.successions().byNewKey.values()) {
    add(oldKey, { key: newKey, fromRound });
  }
  return heirs;
}

function placeRadio(
  key: Uint8Array,
  before: PlaceState | undefined,
  { context, ruleSet, facts, knowledge, owners }: Inputs & { readonly owners: Map<string, number> },
): PlacedRadio {
  const last = context.nextFirstRound - 1;
  const participant = knowledge.participantAt(key, last);
  if (!participant) throw new Error(`${bytesToHex(key)} takes no part`);
  const ownerName = bytesToHex(participant.owner);
  const owner = owners.get(ownerName) ?? owners.size;
  owners.set(ownerName, owner);
  const grant = participant.kind === 'hotspot' ? 'anchor' : 'survey_device';
  const assertion = participant.kind === 'hotspot' ? knowledge.assertionAt(key, last)?.report : undefined;
  const place = assertion && placeAfter(before, assertion.cell, context.epoch);
  const appealed = before && knowledge.accusationsOf(before.key);
  const known = before && { ...before, standing: { ...before.standing, accusations: appealed ?? [] } };
  const standing = standingAfter(known, place, context, ruleSet);
  return {
    radio: {
      key,
      kind: participant.kind,
      owner,
      ...(assertion
        ? {
            cell: assertion.cell,
            altitudeM: horizonHeightM(assertion),
            antennaGainDdbi: assertion.antennaGainDdbi,
          }
        : {}),
      anchor: facts.grants.isGranted(key, grant, context.epoch),
      fromEpoch: place?.fromEpoch ?? 0,
    },
    place,
    standing,
  };
}

function placeAfter(before: PlaceState | undefined, cell: bigint, epoch: number): NonNullable<PlaceState['place']> {
  return before?.place?.cell === cell ? before.place : { cell, fromEpoch: epoch };
}

/** A new place starts a new history: nothing that was found out about the old one holds, and its refutation is over. */
function standingAfter(
  before: PlaceState | undefined,
  place: PlaceState['place'],
  context: EpochContext,
  ruleSet: RuleSet2,
): Standing {
  if (!before) return INITIAL_STANDING;
  const { standing, place: former } = before;
  const moved = former && place && former.cell !== place.cell ? apartM(context, former.cell, place.cell) : undefined;
  const window = epochsOfDays(ruleSet.accusation.moveDays, context.timing.epochMs);
  const moves = movesAfter(standing.moves ?? [], context.epoch, moved ?? 0, window);
  const { location, doubt, interceptDdb, moves: _, ...kept } = standing;
  const withMoves = { ...kept, ...(moves.length > 0 ? { moves } : {}) };
  if (moved !== undefined) {
    const accusations = kept.accusations.filter(({ code }) => code !== 'location_refuted');
    return { ...withMoves, accusations };
  }
  return {
    ...withMoves,
    ...(location === undefined ? {} : { location }),
    ...(doubt === undefined ? {} : { doubt }),
    ...(interceptDdb === undefined ? {} : { interceptDdb }),
  };
}

/** Cells of assertions in force have been judged: they are cells. */
function apartM({ cells }: EpochContext, a: bigint, b: bigint): number {
  const [from, to] = [findCellCentre(a, cells), findCellCentre(b, cells)];
  if (!from || !to) throw new RangeError(`a place in force is no cell: ${a.toString(16)}, ${b.toString(16)}`);
  return distanceM(from, to);
}
