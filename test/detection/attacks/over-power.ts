import type { Attack } from './attack.ts';

const AMPLIFIER_DB = 15;

/** Honest places, and an amplifier nobody declared. */
export const overPower: Attack = {
  name: 'over-power',
  does: 'transmits 15 dB more than it declares, from where it says',
  recruit(recruiter) {
    const joined = Array.from({ length: recruiter.count }, () => {
      const antenna = recruiter.antenna(recruiter.home());
      return recruiter.hotspot(antenna, antenna.place, { extraPowerDb: AMPLIFIER_DB });
    });
    return { joined, turned: [], conduct: {} };
  },
};
