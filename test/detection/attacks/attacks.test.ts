import { describe, expect, it } from 'vitest';
import { distanceM } from '../../simulator/world/place.ts';
import { createRandom } from '../../simulator/world/random.ts';
import { isHotspot } from '../worlds/radio.ts';
import { createWorld, runAttackedEpoch, runHonestEpoch } from '../worlds/world.ts';
import { Recruiter } from './attack.ts';
import { ATTACKS } from './index.ts';

const base = createWorld('attacks', { honest: 60, settledEpochs: 0, epochs: 1 });
const honest = runHonestEpoch(base, 0);

const runs = ATTACKS.map((attack) => {
  const world = { ...base, pathLoss: base.pathLoss.extend(base.population.antennas) };
  const gang = attack.recruit(new Recruiter({ count: 15, epoch: 0 }, world, createRandom(attack.name)));
  const attackers = [...gang.turned, ...gang.joined];
  const onAir = runAttackedEpoch(world, honest, { hotspots: attackers, conduct: gang.conduct }, attack.name);
  return { attack, attackers, onAir };
});
const runOf = (name: string) => {
  const run = runs.find(({ attack }) => attack.name === name);
  if (!run) throw new Error(`no attack ${name}`);
  return run;
};
const between = (name: string) => {
  const counts = { honestHearAttackers: 0, attackersHearHonest: 0, amongThemselves: 0 };
  for (const { transmission, witness } of runOf(name).onAir.receptions) {
    const { sender } = transmission;
    if (!isHotspot(sender)) continue;
    if (sender.attacker && witness.attacker) counts.amongThemselves++;
    else if (sender.attacker) counts.honestHearAttackers++;
    else if (witness.attacker) counts.attackersHearHonest++;
  }
  return counts;
};

describe('the attacks', () => {
  it.each(runs)('$attack.name has as many attackers as asked for, each heard or hearing somewhere', (run) => {
    expect(run.attackers).toHaveLength(15);
    expect(run.attackers.every(({ attacker }) => attacker)).toBe(true);
    expect(new Set(run.onAir.hotspots.map(({ id }) => id)).size).toBe(run.onAir.hotspots.length);
    const links = Object.values(between(run.attack.name)).reduce((sum, count) => sum + count, 0);
    expect(links).toBeGreaterThan(15);
  });

  it('leave what honest hotspots hear of each other as it was', () => {
    const honestLinks = (receptions: typeof honest.receptions) =>
      receptions.filter(({ transmission, witness }) => {
        return !witness.attacker && isHotspot(transmission.sender) && !transmission.sender.attacker;
      }).length;
    expect(honestLinks(runOf('moved-10km').onAir.receptions)).toBe(honestLinks(honest.receptions));
    expect(honestLinks(runOf('accomplices').onAir.receptions)).toBe(honestLinks(honest.receptions));
  });

  it('move claims by exactly as much as they say', () => {
    for (const km of [1, 3, 5, 10, 20, 40]) {
      for (const { antenna, claim } of runOf(`moved-${km}km`).attackers) {
        expect(distanceM(antenna.place, claim.place)).toBeCloseTo(km * 1000, 3);
      }
    }
  });

  it('keep rooms and radioless keys off the air', () => {
    for (const name of ['attenuator-room', 'accomplices']) {
      expect(between(name)).toMatchObject({ honestHearAttackers: 0, attackersHearHonest: 0 });
      expect(between(name).amongThemselves).toBeGreaterThan(100);
    }
  });

  it('bring the city to a far farm by replay, late', () => {
    const { honestHearAttackers, attackersHearHonest } = between('replay');
    expect(honestHearAttackers).toBeGreaterThan(0);
    expect(attackersHearHonest).toBeGreaterThan(0);
    const delays = runOf('replay').onAir.receptions.flatMap(({ transmission, witness, arrivedMs }) => {
      const { sender } = transmission;
      const isAttacker = isHotspot(sender) && sender.attacker;
      return isAttacker === witness.attacker ? [] : [arrivedMs - transmission.startMs];
    });
    // A farm in the open country may hear a village without help.
    expect(delays.filter((delay) => delay > 600).length / delays.length).toBeGreaterThan(0.9);
  });

  it('report what free space gives, within the noise, when forged from it', () => {
    for (const { transmission, witness, rssiSignalDdbm } of runOf('forged-free-space').onAir.receptions) {
      const { sender } = transmission;
      if (!witness.attacker || !isHotspot(sender) || !sender.attacker || rssiSignalDdbm === undefined) continue;
      const km = Math.max(0.1, distanceM(sender.claim.place, witness.claim.place) / 1000);
      const freeSpace = transmission.levelDbm - 91.22 - 20 * Math.log10(km) - 6;
      expect(Math.abs(rssiSignalDdbm / 10 - witness.receiver.offsetDb - freeSpace)).toBeLessThan(8);
    }
  });
});
