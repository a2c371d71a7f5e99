import type { LinkStatistic } from './evidence.ts';

/** One valid reception. */
export interface Reception {
  /** Numbers of the two radios. */
  readonly sender: number;
  readonly receiver: number;
  readonly senderCell: bigint;
  /** The power the beacon's secret asked for, antenna gain included. */
  readonly eirpDdbm: number;
  /** Power of the signal alone at the receiver. */
  readonly espDdbm: number;
  /** From the end of the frame by the sender's clock to its reception by the receiver's, ms. */
  readonly delayMs: number;
}

/** Adds receptions up, link by link. Sums are exact, so the order they come in makes no difference. */
export class LinkStatistics {
  /** By sender, sender's cell, receiver. */
  readonly #links = new Map<number, Map<bigint, Map<number, LinkStatistic>>>();

  add({ sender, receiver, senderCell, eirpDdbm, espDdbm, delayMs }: Reception, epoch: number): void {
    const lossDdb = eirpDdbm - espDdbm;
    this.merge({
      sender,
      receiver,
      senderCell,
      count: 1,
      sumLossDdb: lossDdb,
      sumSquaredLoss: lossDdb * lossDdb,
      steps: { sumX: eirpDdbm, sumXX: eirpDdbm * eirpDdbm, sumY: espDdbm, sumXY: eirpDdbm * espDdbm },
      sumDelayMs: delayMs,
      firstEpoch: epoch,
      lastEpoch: epoch,
    });
  }

  /** Adds what another part of the window says about a link. */
  merge(link: LinkStatistic): void {
    let cells = this.#links.get(link.sender);
    if (!cells) this.#links.set(link.sender, (cells = new Map()));
    let receivers = cells.get(link.senderCell);
    if (!receivers) cells.set(link.senderCell, (receivers = new Map()));
    const known = receivers.get(link.receiver);
    receivers.set(link.receiver, known ? sumOf(known, link) : link);
  }

  /** By sender, sender's cell, receiver. */
  list(): LinkStatistic[] {
    return ascending(this.#links).flatMap((cells) => ascending(cells).flatMap(ascending));
  }
}

function ascending<Key extends number | bigint, Value>(map: ReadonlyMap<Key, Value>): Value[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

function sumOf(a: LinkStatistic, b: LinkStatistic): LinkStatistic {
  return {
    sender: a.sender,
    receiver: a.receiver,
    senderCell: a.senderCell,
    count: a.count + b.count,
    sumLossDdb: a.sumLossDdb + b.sumLossDdb,
    sumSquaredLoss: a.sumSquaredLoss + b.sumSquaredLoss,
    steps: {
      sumX: a.steps.sumX + b.steps.sumX,
      sumXX: a.steps.sumXX + b.steps.sumXX,
      sumY: a.steps.sumY + b.steps.sumY,
      sumXY: a.steps.sumXY + b.steps.sumXY,
    },
    sumDelayMs: a.sumDelayMs + b.sumDelayMs,
    firstEpoch: Math.min(a.firstEpoch, b.firstEpoch),
    lastEpoch: Math.max(a.lastEpoch, b.lastEpoch),
  };
}
