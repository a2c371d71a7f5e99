import { type Antenna, type Hotspot, isHotspot } from '../worlds/radio.ts';
import { placeOnDisc } from '../worlds/site.ts';
import type { Attack } from './attack.ts';

const GANG = 12;
const REPEAT_EIRP_DBM = 16;
/** How long it takes to record, carry and send a frame again, ms. */
const DELAY_MS = [300, 9_000] as const;

/**
 * Keys in a farm far outside claim the city. An ear in the city records every beacon it can decode and the farm sends it
 * once more, where all its gateways truly hear it; beacons of the farm are sent once more in the city in the same way.
 */
export const replay: Attack = {
  name: 'replay',
  does: 'a farm far away hears the city, and is heard there, through recorded beacons sent again',
  recruit(recruiter) {
    const { cityRadiusM } = recruiter.world.site;
    const farms = recruiter.gangs(GANG).map((size, i) => {
      const ear = recruiter.antenna(placeOnDisc(cityRadiusM, recruiter.random));
      const middle = { eastM: -60_000 - 5_000 * i, northM: 30_000 };
      const speaker = recruiter.antenna(middle);
      const members = Array.from({ length: size }, () => {
        const off = placeOnDisc(400, recruiter.random);
        const place = { eastM: middle.eastM + off.eastM, northM: middle.northM + off.northM };
        return recruiter.hotspot(recruiter.antenna(place), placeOnDisc(cityRadiusM, recruiter.random));
      });
      return { ear, speaker, members };
    });
    const farmOf = new Map(farms.flatMap((farm) => farm.members.map((member) => [member.id, farm] as const)));
    const hears = (ear: Antenna, sender: Antenna, eirpDbm: number): boolean =>
      eirpDbm - recruiter.world.pathLoss.between(sender, ear) > -125;
    return {
      joined: farms.flatMap(({ members }): readonly Hotspot[] => members),
      turned: [],
      conduct: {
        repeats({ antenna, sender, trueEirpDbm }, random) {
          const own = isHotspot(sender) ? farmOf.get(sender.id) : undefined;
          const repeat = (from: Antenna) => ({
            from,
            eirpDbm: REPEAT_EIRP_DBM,
            delayMs: random.between(...DELAY_MS),
          });
          if (own) return [repeat(own.ear)];
          return farms.filter(({ ear }) => hears(ear, antenna, trueEirpDbm)).map(({ speaker }) => repeat(speaker));
        },
      },
    };
  },
};
