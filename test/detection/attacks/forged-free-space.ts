import type { Attack } from './attack.ts';
import { accompliceOf, farmHears, farmIndex, recruitFarms } from './farm.ts';
import { claimedKm, freeSpaceDb, writeDown } from './forgery.ts';

const MEAN_LEVEL_DBM = 6.5;
const MARGIN_DB = 6;

/**
 * Keys of one site claim places kilometres away and write down, for whatever the site hears or an accomplice sends, the
 * power free space would give between the claimed places, less some margin.
 */
export const forgedFreeSpace: Attack = {
  name: 'forged-free-space',
  does: 'one site, many claims; RSSI written down from free space',
  recruit(recruiter) {
    const farms = recruitFarms(recruiter, { size: 10, at: (r) => r.home(), offM: [5_000, 30_000], spreadM: 4_000 });
    const farmOf = farmIndex(farms);
    return {
      joined: farms.flatMap(({ members }) => members),
      turned: [],
      conduct: {
        report(overheard) {
          const { transmission, witness, random } = overheard;
          const accomplice = accompliceOf(overheard, farmOf);
          if (!accomplice && !farmHears(overheard, farmOf(witness))) return undefined;
          const levelDbm = accomplice ? transmission.levelDbm : MEAN_LEVEL_DBM;
          const lossDb = freeSpaceDb(claimedKm(transmission, witness)) + MARGIN_DB;
          return writeDown(levelDbm - lossDb + random.normal(), transmission, random);
        },
      },
    };
  },
};
