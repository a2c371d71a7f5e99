export { KeyError, type KeyFault, type KeySource, readAccount } from './read-account.ts';
