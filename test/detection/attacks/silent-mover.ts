import { polar } from '../worlds/site.ts';
import type { Attack } from './attack.ts';

const MOVED_M = [10_000, 40_000] as const;

/** Settled, trusted hotspots that are carried to another town without a word to anybody. */
export const silentMover: Attack = {
  name: 'silent-mover',
  does: 'trusted hotspots carried 10 … 40 km away without asserting it',
  recruit(recruiter) {
    const settled = recruiter.world.population.hotspots.filter(
      ({ anchor, antenna, fromEpoch, untilEpoch }) =>
        !anchor && antenna.setting !== 'mountain' && fromEpoch === 0 && untilEpoch > recruiter.epoch,
    );
    const turned = settled.slice(0, recruiter.count).map((hotspot) => {
      const bearing = recruiter.random.between(0, 2 * Math.PI);
      const place = polar(hotspot.antenna.place, recruiter.random.between(...MOVED_M), bearing);
      return { ...hotspot, antenna: recruiter.antenna(place), attacker: true };
    });
    return { joined: [], turned, conduct: {} };
  },
};
