import type { Attack } from './attack.ts';
import { accompliceOf, farmHears, farmIndex, recruitFarms } from './farm.ts';
import { invent } from './forgery.ts';

/** One true reception in six is reported as it is. */
const TRICKLE = 1 / 6;

/** A clique invents its links among itself and lets some honest ones trickle in, so that it does not stand alone. */
export function clique(size: number): Attack {
  return {
    name: `clique-${size}`,
    does: `cliques of ${size} invent links among themselves and trickle honest ones`,
    recruit(recruiter) {
      const farms = recruitFarms(recruiter, { size, at: (r) => r.home(), offM: [2_000, 20_000], spreadM: 4_000 });
      const farmOf = farmIndex(farms);
      return {
        joined: farms.flatMap(({ members }) => members),
        turned: [],
        conduct: {
          report(overheard) {
            const { transmission, witness, random } = overheard;
            if (accompliceOf(overheard, farmOf)) return invent(overheard, transmission.levelDbm);
            return random.next() < TRICKLE ? farmHears(overheard, farmOf(witness)) : undefined;
          },
        },
      };
    },
  };
}
