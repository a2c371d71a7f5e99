import { ACCUSATION_CODES, CHECK_UNITS, type Check, OUTCOMES, RULINGS } from '@sextant/firmware-bridge/protocol';
import type { Doubt, Grace, Standing, StandingAccusation, StandingAppeal } from '../../location/evidence.ts';
import type { CanonicalValue } from '../../numeric/canonical-json.ts';
import { type JsonFields, StateFault } from './json-fields.ts';
import type { PlaceState } from './place-state.ts';

/** Standings of keys as JSON values, and back. Absent members stay absent. */

type JsonObject = { readonly [name: string]: CanonicalValue };

const KEY_BYTES = 32;
/** A code list for `JsonFields.code`, which wants numbers. */
const numbered = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name, i) => [name, i])) as Record<Name, number>;
const ACCUSATIONS = numbered(ACCUSATION_CODES);
const UNITS = numbered(CHECK_UNITS);

export function placeJson({ key, place, standing }: PlaceState): JsonObject {
  const { trust, accusations, grace, interceptDdb, location, doubt, moves } = standing;
  return {
    key,
    trust,
    accusations: accusations.map(accusationJson),
    grace: { ...grace },
    ...(place ? { place: { cell: place.cell.toString(16), fromEpoch: place.fromEpoch } } : {}),
    ...(interceptDdb === undefined ? {} : { interceptDdb }),
    ...(location === undefined ? {} : { location }),
    ...(doubt ? { doubt: { ofProven: doubt.ofProven, epochs: doubt.epochs, witnesses: [...doubt.witnesses] } } : {}),
    ...(moves ? { moves: moves.map((move) => ({ ...move })) } : {}),
  };
}

function accusationJson({ code, epoch, epochs, checks, appeal }: StandingAccusation): JsonObject {
  return {
    code,
    epoch,
    epochs,
    checks: checks.map((check) => ({ ...check })),
    ...(appeal ? { appeal: appealJson(appeal) } : {}),
  };
}

function appealJson({ epoch, reviews, ruling }: StandingAppeal): JsonObject {
  return { epoch, reviews: reviews.map((review) => ({ ...review })), ...(ruling ? { ruling: { ...ruling } } : {}) };
}

/** Throws `StateFault`. */
export function placeOf(fields: JsonFields): PlaceState {
  const place = fields.has('place') ? fields.fields('place') : undefined;
  return {
    key: fields.bytes('key', KEY_BYTES),
    ...(place ? { place: { cell: cellOf(place), fromEpoch: place.integer('fromEpoch') } } : {}),
    standing: standingOf(fields),
  };
}

function standingOf(fields: JsonFields): Standing {
  return {
    trust: fields.integer('trust'),
    accusations: fields.list('accusations').map(accusationOf),
    grace: graceOf(fields.fields('grace')),
    ...(fields.has('interceptDdb') ? { interceptDdb: fields.integer('interceptDdb', Number.MIN_SAFE_INTEGER) } : {}),
    ...(fields.has('location') ? { location: fields.code('location', OUTCOMES) } : {}),
    ...(fields.has('doubt') ? { doubt: doubtOf(fields.fields('doubt')) } : {}),
    ...(fields.has('moves')
      ? {
          moves: fields
            .list('moves')
            .map((move) => ({ epoch: move.integer('epoch'), distanceM: move.integer('distanceM') })),
        }
      : {}),
  };
}

function doubtOf(fields: JsonFields): Doubt {
  return {
    ofProven: fields.flag('ofProven'),
    epochs: fields.integer('epochs', 1),
    witnesses: fields.byteList('witnesses', KEY_BYTES),
  };
}

function graceOf(fields: JsonFields): Grace {
  return { epochs: fields.integer('epochs'), held: fields.amount('held'), over: fields.flag('over') };
}

function accusationOf(fields: JsonFields): StandingAccusation {
  return {
    code: fields.code('code', ACCUSATIONS),
    epoch: fields.integer('epoch'),
    epochs: fields.integer('epochs', 1),
    checks: fields.list('checks').map(checkOf),
    ...(fields.has('appeal') ? { appeal: appealOf(fields.fields('appeal')) } : {}),
  };
}

function checkOf(fields: JsonFields): Check {
  const number = (name: 'observed' | 'limit' | 'margin') =>
    fields.has(name) ? { [name]: fields.integer(name, Number.MIN_SAFE_INTEGER) } : {};
  return {
    check: fields.text('check'),
    ...number('observed'),
    ...number('limit'),
    ...number('margin'),
    unit: fields.code('unit', UNITS),
  };
}

function appealOf(fields: JsonFields): StandingAppeal {
  const ruling = fields.has('ruling') ? fields.fields('ruling') : undefined;
  return {
    epoch: fields.integer('epoch'),
    reviews: fields.list('reviews').map((review) => ({
      validator: review.integer('validator'),
      ruling: review.code('ruling', RULINGS),
    })),
    ...(ruling ? { ruling: { ruling: ruling.code('ruling', RULINGS), epoch: ruling.integer('epoch') } } : {}),
  };
}

function cellOf(fields: JsonFields): bigint {
  const text = fields.text('cell');
  if (!/^[0-9a-f]{1,16}$/.test(text)) throw new StateFault('place.cell');
  return BigInt(`0x${text}`);
}
