import { isHotspot } from '../worlds/radio.ts';
import { placeOnDisc } from '../worlds/site.ts';
import type { Attack } from './attack.ts';
import { invent } from './forgery.ts';

const GANG = 12;
const OFF_AIR_DB = -300;

/**
 * Accomplices without any radio: they tell each other the secrets of their beacons and the power steps, and write down
 * what would have been heard between the claimed places, in every detail as nature would have it.
 */
export const accomplices: Attack = {
  name: 'accomplices',
  does: 'no radio at all: secrets and power steps shared, receptions invented as nature would have them',
  recruit(recruiter) {
    const gangOf = new Map<number, number>();
    const joined = recruiter.gangs(GANG).flatMap((size, gang) =>
      Array.from({ length: size }, () => {
        const antenna = recruiter.antenna({ eastM: 70_000, northM: 1_000 * gang }, 'indoor');
        const claimed = placeOnDisc(recruiter.world.site.cityRadiusM, recruiter.random);
        const hotspot = recruiter.hotspot(antenna, claimed, { extraPowerDb: OFF_AIR_DB });
        gangOf.set(hotspot.id, gang);
        return hotspot;
      }),
    );
    return {
      joined,
      turned: [],
      conduct: {
        report(overheard) {
          const { transmission, witness } = overheard;
          const { sender } = transmission;
          if (!isHotspot(sender) || gangOf.get(sender.id) !== gangOf.get(witness.id)) return undefined;
          return invent(overheard, transmission.levelDbm);
        },
      },
    };
  },
};
