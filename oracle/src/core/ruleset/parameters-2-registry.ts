import { parameter, type ValuesOf } from './parameter.ts';

const OURS = 'our choice';

/** What rule set 2 says about the hotspot registry on a chain. */
export const parameters2Registry = {
  registry: {
    idlePayouts: parameter(
      4_096,
      'count',
      `${OURS}: payouts kept of addresses that own nothing; anybody can name one for a little gas`,
    ),
  },
};

export type RegistryNumbers = ValuesOf<typeof parameters2Registry>;
