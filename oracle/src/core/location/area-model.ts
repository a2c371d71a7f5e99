import type { LocationNumbers } from '../ruleset/rule-set.ts';
import type { Law, Observation, OffsetGroup, PlaceModel } from './place-likelihood.ts';
import { type LawNumbers, type LawTables, offsetGroup, widened } from './propagation-model.ts';

/** How likely losses are under the law of an area. Whatever is wrong with a hotspot's own radio or walls is one offset. */
export class AreaModel implements PlaceModel {
  readonly groups: readonly OffsetGroup[];
  readonly #numbers: Pick<LocationNumbers, 'area' | 'propagation'>;
  readonly #law: LawNumbers;
  readonly #tables: LawTables;

  constructor(law: LawNumbers, tables: LawTables, numbers: Pick<LocationNumbers, 'area' | 'propagation'>) {
    this.#law = law;
    this.#tables = tables;
    this.#numbers = numbers;
    const { ownOffsetsDdb, offsetSigmaDdb } = numbers.area;
    this.groups = [offsetGroup(['sent', 'heard', 'silent'], ownOffsetsDdb, offsetSigmaDdb)];
  }

  lawFor(observation: Pick<Observation, 'spreadDdb'>): Law {
    return this.#spread(this.#law, observation);
  }

  hillLawFor(observation: Pick<Observation, 'spreadDdb'>): Law {
    const { hillExponentPercent, hillLossAtKmDdb, hillSigmaDdb } = this.#numbers.propagation;
    const law = { exponentPercent: hillExponentPercent, lossAtKmDdb: hillLossAtKmDdb, sigmaDdb: hillSigmaDdb };
    return this.#spread(law, observation);
  }

  #spread(law: LawNumbers, { spreadDdb = 0 }: Pick<Observation, 'spreadDdb'>): Law {
    const sigmaDdb = widened(law.sigmaDdb, spreadDdb);
    return this.#tables.lawOf({ ...law, sigmaDdb }, this.#numbers.area.deafPercent);
  }
}
