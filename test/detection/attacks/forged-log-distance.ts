import type { Attack } from './attack.ts';
import { accompliceOf, farmHears, farmIndex, recruitFarms, UsualPower } from './farm.ts';
import { invent } from './forgery.ts';

const MEAN_LEVEL_DBM = 6.5;

/**
 * The same with care: losses from a good log-distance fit between the claimed places, a scatter that stays with each pair,
 * and the secret power steps taken over from what the site's one antenna hears.
 */
export const forgedLogDistance: Attack = {
  name: 'forged-log-distance',
  does: 'one site, many claims; RSSI from a good log-distance fit with plausible scatter',
  recruit(recruiter) {
    const farms = recruitFarms(recruiter, { size: 10, at: (r) => r.home(), offM: [5_000, 30_000], spreadM: 4_000 });
    const farmOf = farmIndex(farms);
    const usual = new UsualPower();
    return {
      joined: farms.flatMap(({ members }) => members),
      turned: [],
      conduct: {
        report(overheard) {
          if (accompliceOf(overheard, farmOf)) return invent(overheard, overheard.transmission.levelDbm);
          const farm = farmOf(overheard.witness);
          const measured = farmHears(overheard, farm);
          if (!farm || !measured) return undefined;
          return invent(overheard, MEAN_LEVEL_DBM, usual.deviationDb(overheard, farm, measured));
        },
      },
    };
  },
};
