import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CityChoice, LaunchOptions } from './launch-options.ts';
import { OptionError } from './launch-options.ts';

const FILE = 'city.json';

/**
 * The city of a data folder: the one that was drawn when the folder was new, or, in a new folder, the one that is asked for,
 * written down. Throws OptionError when another one is asked for than the folder has.
 */
export function openCity(options: LaunchOptions): CityChoice {
  const path = join(options.dataDirectory, FILE);
  if (!existsSync(path)) {
    mkdirSync(options.dataDirectory, { recursive: true });
    writeFileSync(path, `${JSON.stringify(options.city, undefined, 2)}\n`);
    return options.city;
  }
  const city = readCity(path);
  for (const name of ['seed', 'hotspots', 'cheaters', 'cars'] as const) {
    if (!options.given.has(name) || options.city[name] === city[name]) continue;
    throw new OptionError(
      `${options.dataDirectory} holds a city with ${name} = ${city[name]}, and --${name} ${options.city[name]} is another ` +
        'one. Leave the option out, or make the new one beside it:  npm start -- --data ./data-2 …',
    );
  }
  return city;
}

function readCity(path: string): CityChoice {
  const value = JSON.parse(readFileSync(path, 'utf8')) as Partial<Record<keyof CityChoice, unknown>>;
  const { seed, hotspots, cheaters, cars } = value;
  if (typeof seed === 'string' && [hotspots, cheaters, cars].every((count) => Number.isInteger(count))) {
    return { seed, hotspots, cheaters, cars } as CityChoice;
  }
  throw new OptionError(`${path} is damaged. Put it back from a copy, or start anew in another folder with --data.`);
}
