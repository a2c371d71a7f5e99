import { bytesToHex, CHAIN_LENGTH } from '@sextant/firmware-bridge/protocol';
import type { KnownChain } from '../../rules/index.ts';
import { firstOf } from '../known/statements.ts';
import type { ChainPosition, StandingStatement } from '../state/epoch-state.ts';

/** No link hashes to it. */
const NO_LINK = new Uint8Array(32);

/**
 * The newest known link of every chain. Judged in ascending order, each reveal costs as many hashes as links were left
 * out; wrong ones cost as much and bring nothing, so each sender has a budget of hashes for them.
 */
export class ChainCursors {
  readonly #budget: number;
  readonly #positions = new Map<string, ChainPosition>();
  readonly #wasted = new Map<Uint8Array, number>();
  /** Rows of reveals that are in `wasted`. */
  readonly #wasteful = new Set<number>();

  constructor(budget: number) {
    this.#budget = budget;
  }

  /** What to judge a reveal of that round or index against; undefined for a statement without a chain. */
  chainFor(statement: StandingStatement, sender: Uint8Array, ordinal: number): KnownChain | undefined {
    const known = this.positionOf(statement);
    if (!known) return undefined;
    const first = firstOf(statement.report);
    if ((this.#wasted.get(sender) ?? 0) <= this.#budget) return { first, known };
    return { first, known: { position: ordinal - first + 1, link: NO_LINK } };
  }

  positionOf(statement: StandingStatement): ChainPosition | undefined {
    return this.#positions.get(bytesToHex(statement.reportId)) ?? statement.chain;
  }

  /** The reveal's link is authentic. */
  advance(statement: StandingStatement, ordinal: number, link: Uint8Array): void {
    const position = ordinal - firstOf(statement.report) + 1;
    const known = this.positionOf(statement);
    if (known && position > known.position) this.#positions.set(bytesToHex(statement.reportId), { position, link });
  }

  /** The reveal's link is not, and it took hashes to find out. Once a reveal, however often it is judged. */
  waste(row: number, statement: StandingStatement, sender: Uint8Array, ordinal: number): void {
    if (this.#wasteful.has(row)) return;
    this.#wasteful.add(row);
    const known = this.positionOf(statement);
    const steps = Math.abs(ordinal - firstOf(statement.report) + 1 - (known?.position ?? 0));
    this.#wasted.set(sender, (this.#wasted.get(sender) ?? 0) + Math.min(steps, CHAIN_LENGTH));
  }
}
