import type { SuccessorFault } from '@sextant/firmware-bridge/protocol';
import type { SuccessorContext } from '../context.ts';

/** A successor's context with what is wrong with its keys and signatures, if anything. */
export type SuccessorInputs = SuccessorContext & { readonly fault?: SuccessorFault };
