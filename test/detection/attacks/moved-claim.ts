import { polar } from '../worlds/site.ts';
import type { Attack } from './attack.ts';

/** A working, truthful gateway whose owner asserts it somewhere else. */
export function movedClaim(km: number): Attack {
  return {
    name: `moved-${km}km`,
    does: `asserts a place ${km} km from where it stands`,
    recruit(recruiter) {
      const joined = Array.from({ length: recruiter.count }, () => {
        const antenna = recruiter.antenna(recruiter.home());
        const bearing = recruiter.random.between(0, 2 * Math.PI);
        return recruiter.hotspot(antenna, polar(antenna.place, km * 1000, bearing));
      });
      return { joined, turned: [], conduct: {} };
    },
  };
}
