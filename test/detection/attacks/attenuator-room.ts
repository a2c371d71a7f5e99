import { isHotspot } from '../worlds/radio.ts';
import { placeOnDisc } from '../worlds/site.ts';
import type { Attack } from './attack.ts';
import { writeDown } from './forgery.ts';

const ROOM_SIZE = 50;
/** Nothing leaves a shielded room. */
const SHIELDED_DB = -300;
/** Attenuators between any two, dB: a bench scatters by about 1.2 dB (Bonn). */
const ATTENUATION_DB = [108, 122] as const;
const BENCH_SCATTER_DB = 1.2;

/** Radios wired together through attenuators in one room claim a whole city. */
export const attenuatorRoom: Attack = {
  name: 'attenuator-room',
  does: 'radios wired through attenuators in one room claim a city',
  recruit(recruiter) {
    const roomOf = new Map<number, number>();
    const joined = recruiter.gangs(ROOM_SIZE).flatMap((size, room) =>
      Array.from({ length: size }, () => {
        const antenna = recruiter.antenna({ eastM: 55_000 + room * 4_000, northM: 20_000 }, 'indoor');
        const claimed = placeOnDisc(recruiter.world.site.cityRadiusM, recruiter.random);
        const hotspot = recruiter.hotspot(antenna, claimed, { extraPowerDb: SHIELDED_DB });
        roomOf.set(hotspot.id, room);
        return hotspot;
      }),
    );
    const attenuationDb = recruiter.random.between(...ATTENUATION_DB);
    return {
      joined,
      turned: [],
      conduct: {
        report({ transmission, witness, random }) {
          const { sender } = transmission;
          if (!isHotspot(sender) || roomOf.get(sender.id) !== roomOf.get(witness.id)) return undefined;
          const scatter = BENCH_SCATTER_DB * random.normal();
          return writeDown(transmission.levelDbm - attenuationDb + scatter, transmission, random);
        },
      },
    };
  },
};
