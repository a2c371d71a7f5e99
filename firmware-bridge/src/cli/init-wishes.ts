import type { ParticipantKind, RegionPlan } from '../protocol/index.ts';
import type { GatewayEui } from '../radio/gateway-eui.ts';
import {
  cellOf,
  defaultLevels,
  parseEui,
  parseGain,
  parseInvitation,
  parseLevels,
  parseLocation,
  parseMetres,
  parseNetworkUrl,
  parseOwner,
  parseRegion,
  parseResolution,
} from './init-answers.ts';
import type { Questionnaire } from './init-questions.ts';

/** What somebody wants to set up. */
export interface InitWishes {
  readonly kind: ParticipantKind;
  readonly networkUrl: string;
  /** Absent: its owner registers the key on the chain. */
  readonly invitation?: string;
  /** 20 bytes. */
  readonly owner: Uint8Array;
  readonly eui: GatewayEui;
  readonly plan: RegionPlan;
  /** As they stand in the `[[gateway]]` table, without id. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Of a hotspot. */
  readonly cell?: string;
}

/** Reads flags and asks; undefined when something is missing or wrong: the questionnaire has the problems. */
export async function readWishes(questions: Questionnaire): Promise<InitWishes | undefined> {
  const kind = questions.isOn('survey') ? 'survey_device' : 'hotspot';
  const networkUrl = await questions.need({
    flag: 'network',
    text: "Address of the network (one validator's website, https://…)",
    parse: parseNetworkUrl,
  });
  const byDeposit = kind === 'hotspot' && questions.isOn('by-deposit');
  if (byDeposit && questions.isGiven('invitation')) {
    questions.problems.push(
      '--by-deposit and --invitation exclude each other: a key becomes known in one way. Leave one out.',
    );
  }
  const invitation = byDeposit
    ? undefined
    : await questions.need({ flag: 'invitation', text: 'Your invitation code', parse: parseInvitation });
  const owner = await questions.need({
    flag: 'owner',
    text: 'Your EVM address (0x…), for the rewards',
    parse: parseOwner,
  });
  const eui = await questions.need({
    flag: 'gateway-eui',
    text: 'gateway_ID of the packet forwarder, 16 hex digits',
    parse: parseEui,
  });
  const plan = await questions.need({
    flag: 'region',
    text: 'Region plan of the gateway, e.g. EU868',
    parse: parseRegion,
  });
  const place: Partial<Place> | undefined = kind === 'hotspot' ? await readPlace(questions) : {};
  const gainDbi = questions.take({ flag: 'antenna-gain', parse: parseGain }, 2);
  const levels = questions.take(
    { flag: 'tx-power-levels', parse: parseLevels },
    plan ? defaultLevels(plan, gainDbi) : [],
  );
  const isInvited = byDeposit || invitation !== undefined;
  const isComplete = networkUrl !== undefined && isInvited && owner && eui && plan && place;
  if (!isComplete || questions.problems.length > 0) return undefined;
  const listenOnly = kind === 'hotspot' && (questions.isOn('listen-only') || !plan.beaconingAllowed);
  const fields = {
    eui,
    region: plan.name,
    ...place,
    antenna_gain_dbi: gainDbi,
    tx_power_levels_dbm: levels,
    ...(listenOnly ? { listen_only: true } : {}),
    ...(kind === 'survey_device'
      ? { gpsd: questions.take({ flag: 'gpsd', parse: hostAndPort }, '127.0.0.1:2947') }
      : {}),
  };
  const cell = place.cell === undefined ? {} : { cell: place.cell };
  return { kind, networkUrl, owner, eui, plan, fields, ...cell, ...(invitation === undefined ? {} : { invitation }) };
}

const hostAndPort = (text: string) =>
  /^.+:\d{1,5}$/.test(text)
    ? ({ ok: true, value: text } as const)
    : ({ ok: false, problem: `"${text}" is not host:port, e.g. 127.0.0.1:2947` } as const);

interface Place {
  readonly cell: string;
  readonly antenna_height_m: number;
  readonly altitude_m: number;
}

async function readPlace(questions: Questionnaire): Promise<Place | undefined> {
  const resolution = questions.take({ flag: 'resolution', parse: parseResolution }, 9);
  const location = await questions.need({
    flag: 'location',
    text: 'Where the antenna is: latitude,longitude (stays on this machine; only its hexagon is published)',
    parse: parseLocation,
  });
  const height = await questions.need({
    flag: 'antenna-height',
    text: 'Height of the antenna above ground, metres',
    parse: parseMetres('height above ground', 0, 150),
  });
  const altitude = await questions.need({
    flag: 'altitude',
    text: 'Altitude of the antenna above sea level, metres',
    parse: parseMetres('altitude', -430, 5_000),
  });
  if (!location || height === undefined || altitude === undefined) return undefined;
  return { cell: cellOf(location, resolution), antenna_height_m: height, altitude_m: altitude };
}
