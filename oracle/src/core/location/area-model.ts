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

  /** Walls of the others are known by the law of the area: what of them is in the way from above is not. */
  hillLawFor(observation: Pick<Observation, 'spreadDdb'>): Law {
    const { hillExponentPercent, hillLossAtKmDdb, hillSigmaDdb } = this.#numbers.propagation;
    const sigmaDdb = widened(hillSigmaDdb, this.#numbers.area.offsetSigmaDdb);
    const law = { exponentPercent: hillExponentPercent, lossAtKmDdb: hillLossAtKmDdb, sigmaDdb };
    return this.#spread(law, observation);
  }

  #spread(law: LawNumbers, { spreadDdb = 0 }: Pick<Observation, 'spreadDdb'>): Law {
    const sigmaDdb = widened(law.sigmaDdb, spreadDdb);
    return this.#tables.lawOf({ ...law, sigmaDdb }, this.#numbers.area.deafPercent);
  }
}
