import { z } from 'zod';
import type { ChainContractsView, ChainView } from '../../api/index.ts';
import { Address, count } from './text.ts';
import { view } from './view.ts';

const ContractsSchema = view<ChainContractsView>()(
  'ChainContractsView',
  'The contracts of the network',
  z.object({
    timelock: Address,
    token: Address,
    emission: Address,
    validators: Address,
    hotspots: Address,
    distributor: Address,
  }),
);

export const ChainSchema = view<ChainView>()(
  'ChainView',
  'The chain this oracle settles on',
  z.object({ chainId: count, fromBlock: count, tokenDecimals: count, contracts: ContractsSchema }),
);
