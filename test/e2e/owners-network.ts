import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CityPlan } from '../simulator/city-plan.ts';
import type { LaunchedNetwork } from './launched-network.ts';

/** A machine that does other things as well. */
export const TIMEOUT_MS = 300_000;

/** A launched network whose owners do things. */
export interface OwnersNetwork {
  readonly launched: LaunchedNetwork;
  readonly plan: CityPlan;
  /** For what owners keep; the network's own data are in `city` under it. */
  readonly folder: string;
}

/** A hotspot or car of the city's bridges. */
export interface KnownKey {
  readonly eui: string;
  readonly id: string;
  /** Data folder of its bridge. */
  readonly bridge: string;
}

export const dataOf = ({ folder }: OwnersNetwork): string => join(folder, 'city');

export async function keysOf(network: OwnersNetwork): Promise<readonly KnownKey[]> {
  const bridges = ['bridge-1', 'bridge-2'].map((name) => join(dataOf(network), name));
  const read = bridges.map(async (bridge) => {
    const known = JSON.parse(await readFile(join(bridge, 'participants.json'), 'utf8')) as Omit<KnownKey, 'bridge'>[];
    return known.map(({ eui, id }) => ({ eui, id, bridge }));
  });
  return (await Promise.all(read)).flat();
}
