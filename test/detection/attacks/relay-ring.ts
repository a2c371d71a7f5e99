import type { Attack } from './attack.ts';
import { accompliceOf, farmHears, farmIndex, recruitFarms } from './farm.ts';
import { invent } from './forgery.ts';

const RELAY_MS = 120;

/**
 * Five keys, one radio: what it hears goes to all of them over the internet, and each reports it with the power the radio
 * measured, give or take a few dB. They claim places about the ring and vouch for each other.
 */
export const relayRing: Attack = {
  name: 'relay-ring',
  does: 'rings of five share one radio over the internet and vouch for each other',
  recruit(recruiter) {
    const farms = recruitFarms(recruiter, { size: 5, at: (r) => r.home(), offM: [4_000, 25_000], spreadM: 3_000 });
    const farmOf = farmIndex(farms);
    return {
      joined: farms.flatMap(({ members }) => members),
      turned: [],
      conduct: {
        report(overheard) {
          const { transmission, witness, random } = overheard;
          if (accompliceOf(overheard, farmOf)) return invent(overheard, transmission.levelDbm);
          const farm = farmOf(witness);
          const measured = farmHears(overheard, farm);
          if (!measured || witness === farm?.members[0]) return measured;
          const signalDbm = measured.signalDbm + 3 * random.normal();
          return { ...measured, signalDbm, afterMs: measured.afterMs + RELAY_MS };
        },
      },
    };
  },
};
