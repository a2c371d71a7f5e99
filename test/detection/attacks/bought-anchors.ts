import { type Hotspot, isHotspot } from '../worlds/radio.ts';
import { placeOnDisc } from '../worlds/site.ts';
import type { Attack } from './attack.ts';
import { invent } from './forgery.ts';

const BOUGHT_EVERY = 5;
const OFF_AIR_DB = -300;

/**
 * One audited hotspot in five is bought. It goes on as before, and besides confirms every key of the buyer, who has no
 * radio: both sides write down what would have been heard.
 */
export const boughtAnchors: Attack = {
  name: 'bought-anchors',
  does: 'one anchor in five confirms keys that have no radio',
  recruit(recruiter) {
    const anchors = recruiter.world.population.hotspots.filter(({ anchor }) => anchor);
    const turned = anchors.filter((_, i) => i % BOUGHT_EVERY === 0).map((one): Hotspot => ({ ...one, attacker: true }));
    const joined = Array.from({ length: Math.max(1, recruiter.count - turned.length) }, () => {
      const antenna = recruiter.antenna({ eastM: 70_000, northM: -20_000 }, 'indoor');
      const claimed = placeOnDisc(recruiter.world.site.cityRadiusM, recruiter.random);
      return recruiter.hotspot(antenna, claimed, { extraPowerDb: OFF_AIR_DB });
    });
    const radioless = new Set(joined.map(({ id }) => id));
    const gang = new Set([...radioless, ...turned.map(({ id }) => id)]);
    return {
      joined,
      turned,
      conduct: {
        report(overheard) {
          const { transmission, witness } = overheard;
          const { sender } = transmission;
          const own = isHotspot(sender) && gang.has(sender.id);
          const imagined = own && (radioless.has(sender.id) || radioless.has(witness.id));
          return imagined
            ? invent(overheard, transmission.levelDbm)
            : radioless.has(witness.id)
              ? undefined
              : overheard.heard(witness);
        },
      },
    };
  },
};
