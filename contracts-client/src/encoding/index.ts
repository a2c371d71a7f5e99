export { createOwnerTree, type OwnerLeaf, type OwnerTree, ownerLeafHash, verifyOwnerProof } from './owner-tree.ts';
