import type { CellCentre } from '../../geometry/cell-cache.ts';
import type { AssertionContext } from '../context.ts';

/** An assertion's context with the place it names, if that is a cell. */
export type AssertionInputs = AssertionContext & { readonly place?: CellCentre };
