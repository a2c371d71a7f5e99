import type { Attack } from './attack.ts';
import { farmHears, farmIndex, recruitFarms } from './farm.ts';

/**
 * One gateway runs ten keys, each with an address of its own, and claims ten places about itself: near enough for RSSI to
 * know no better. Each key reports what the one antenna hears, with some noise.
 */
export const sybil: Attack = {
  name: 'sybil',
  does: 'one gateway runs ten keys of ten addresses within 3 km',
  recruit(recruiter) {
    const farms = recruitFarms(recruiter, { size: 10, at: (r) => r.home(), offM: [0, 500], spreadM: 3_000 });
    const farmOf = farmIndex(farms);
    return {
      joined: farms.flatMap(({ members }) => members),
      turned: [],
      conduct: {
        report(overheard) {
          const measured = farmHears(overheard, farmOf(overheard.witness));
          return measured && { ...measured, signalDbm: measured.signalDbm + 2.5 * overheard.random.normal() };
        },
      },
    };
  },
};
