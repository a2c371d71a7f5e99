export { writeFileAtOnce } from '../config/write-file.ts';
export { loadHashChain } from './chain-cache.ts';
export { createSecretFile, readSecretFile, SECRET_BYTES, SecretFileError } from './secret-file.ts';
