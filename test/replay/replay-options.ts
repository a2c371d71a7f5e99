import { parseArgs } from 'node:util';

/** What the network of a replay is made with. */
export interface ReplayChoice {
  /** Names keys, incarnations and entropy: the same text, the same roots. */
  readonly seed: string;
  /** How many processes the gateways are shared out among. */
  readonly bridges: number;
  /** How much virtual time reports may wait for others to share a batch. */
  readonly deliverEveryMs: number;
}

export interface ReplayOptions extends ReplayChoice {
  readonly linksFile: string;
  readonly jsonFile?: string;
  /** Absent: a temporary folder that is removed at the end. */
  readonly dataDirectory?: string;
}

export const HELP = `Replays measured receptions through the whole network: bridges, MQTT, log, verdicts, epoch.

  npm run replay -- --links FILE             CSV: row,msg,dev_lat,dev_lon,gw,gw_lat,gw_lon,dist_m,rssi_dbm,snr_db
  npm run replay -- --links FILE --json out.json

Every place a device was measured at is a stop of a survey car; every reception reaches its bridge as the Semtech UDP packet
its gateway would have forwarded. All processes share one steered clock, and nothing sleeps.

  --links FILE        the measured receptions
  --json FILE         write the figures to FILE
  --keep-data DIR     keep keys, log and database in DIR, an empty folder (otherwise they are removed)
  --seed TEXT         another text: other keys and secrets, the same measurements (replay)
  --bridges N         share the gateways out among N processes (2); the roots are the same
  --deliver-every MS  let reports wait so long for others to share a batch (10000); the roots are the same
`;

/** An option is wrong; the message says which one and what is right. */
export class ReplayOptionError extends Error {
  override readonly name = 'ReplayOptionError';
}

/** Throws ReplayOptionError. */
export function parseReplayOptions(args: readonly string[]): ReplayOptions | 'help' {
  const values = parseValues(args);
  if (values.help) return 'help';
  if (values.links === undefined)
    throw new ReplayOptionError('--links FILE is missing: the CSV file with the receptions.');
  return {
    linksFile: values.links,
    ...(values.json === undefined ? {} : { jsonFile: values.json }),
    ...(values['keep-data'] === undefined ? {} : { dataDirectory: values['keep-data'] }),
    seed: values.seed ?? 'replay',
    bridges: wholeIn('bridges', values.bridges ?? '2', 1, 8),
    deliverEveryMs: wholeIn('deliver-every', values['deliver-every'] ?? '10000', 1, LONGEST_WAIT_MS),
  };
}

/** A reception must be in the log half a minute after its slot: see the replay's time grid. */
const LONGEST_WAIT_MS = 15_000;

function parseValues(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h' },
        links: text,
        json: text,
        'keep-data': text,
        seed: text,
        bridges: text,
        'deliver-every': text,
      },
    }).values;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new ReplayOptionError(`${why}. All options: npm run replay -- --help`);
  }
}

function wholeIn(name: string, given: string, least: number, most: number): number {
  const value = Number(given);
  if (/^\d{1,6}$/.test(given) && value >= least && value <= most) return value;
  throw new ReplayOptionError(`--${name} ${given}: a whole number from ${least} to ${most} is expected.`);
}
