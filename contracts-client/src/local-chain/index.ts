export {
  LOCAL_CHAIN_DEFAULTS,
  type LocalChain,
  LocalChainError,
  type LocalChainOptions,
  PUBLIC_TEST_MNEMONIC,
  startLocalChain,
} from './anvil.ts';
