import { bytesToHex, chainlessDomain, quorumOf, roundOfSlot, type Verdict } from '@sextant/firmware-bridge/protocol';
import type { StandingAccusation } from '../../location/evidence.ts';
import { isAppealOfOwner, judgeAppeal, OUTCOME_OF_REASON, type Recorded } from '../../rules/index.ts';
import { judgesPlaces } from '../../ruleset/index.ts';
import { appealAfter, reviewAfter } from '../../trust/index.ts';
import type { EpochContext } from '../epoch-context.ts';
import type { EpochFacts } from '../facts/epoch-facts.ts';
import { reportIn } from './report-in.ts';

interface Resolved {
  /** By row. */
  readonly verdicts: ReadonlyMap<number, Verdict>;
  readonly accusations: readonly StandingAccusation[];
}

/**
 * Appeals of the open epoch, and what validators say to those that count. Rule set 1 has neither. The owner who appeals is
 * the opening state's: what the registry says of this epoch is read at its end, when the appeal has long been signed.
 */
export class Appeals {
  readonly #context: EpochContext;
  readonly #facts: EpochFacts;
  /** By the hex of a key. */
  readonly #standing: ReadonlyMap<string, readonly StandingAccusation[]>;
  /** By row: a signature is checked once. */
  readonly #isOwners = new Map<number, boolean>();

  constructor(context: EpochContext, facts: EpochFacts) {
    this.#context = context;
    this.#facts = facts;
    this.#standing = new Map(
      context.state.places.map(({ key, standing }) => [bytesToHex(key), standing.accusations] as const),
    );
  }

  /** `recordedOf` tells who its signer is. */
  judge(row: number, recordedOf: (row: number) => Recorded): Verdict | undefined {
    return this.#resolve(this.#facts.reports.reporterOf(row), recordedOf).verdicts.get(row);
  }

  /** What stands against a key after the epoch's appeals and reviews, before its evidence. */
  accusationsAfter(key: Uint8Array, recordedOf: (row: number) => Recorded): readonly StandingAccusation[] {
    const { ruleSet, epoch, network } = this.#context;
    let { accusations } = this.#resolve(key, recordedOf);
    if (!judgesPlaces(ruleSet)) return accusations;
    const quorum = quorumOf(network.validators.length);
    for (const { review, validator } of this.#facts.reviews.of(key)) {
      const { accusation: code, appealEpoch, ruling } = review;
      const outcome = reviewAfter(accusations, { code, appealEpoch, validator, ruling, quorum }, epoch, ruleSet);
      if (outcome.ok) accusations = outcome.accusations;
    }
    return accusations;
  }

  /** By report id, the smallest first: of two that could count it is that one. */
  #resolve(key: Uint8Array, recordedOf: (row: number) => Recorded): Resolved {
    const { ruleSet, epoch, network } = this.#context;
    const name = bytesToHex(key);
    const verdicts = new Map<number, Verdict>();
    let accusations = this.#standing.get(name) ?? [];
    if (!judgesPlaces(ruleSet)) return { verdicts, accusations };
    const ids = this.#facts.reports.ids.rows;
    const rows = [...this.#facts.appealRowsOf(name)].sort((a, b) => ids.compare(a, b));
    rows.forEach((row, i) => {
      const recorded = recordedOf(row);
      if (i >= ruleSet.epoch.successors) {
        verdicts.set(row, unread(recorded));
        return;
      }
      const report = reportIn(this.#facts, row, 'appeal');
      const { networkId } = network;
      const context = { ...recorded, networkId, signingDomain: chainlessDomain(networkId), report, accusations };
      const isOwners = (): boolean => {
        const owner = this.#facts.known.openingOwnerOf(key);
        const known = this.#isOwners.get(row) ?? (owner !== undefined && isAppealOfOwner(context, owner));
        this.#isOwners.set(row, known);
        return known;
      };
      const verdict = judgeAppeal({ ...context, numbers: ruleSet, isOwners });
      verdicts.set(row, verdict);
      const appeal = { code: report.accusation, evidenceEpoch: report.epoch };
      const outcome = verdict.outcome === 'valid' ? appealAfter(accusations, appeal, epoch, ruleSet) : undefined;
      if (outcome?.ok) accusations = outcome.accusations;
    });
    return { verdicts, accusations };
  }
}

/** More appeals than anybody needs are not read: each costs a recovered signature. */
function unread({ reportId, reporter, timing, lastClosedSlot }: Recorded): Verdict {
  const round = roundOfSlot(timing, lastClosedSlot + 1);
  const reason = 'appeal_open';
  return { subject: 'other', reportId, reporter, round, outcome: OUTCOME_OF_REASON[reason], reason, checks: [] };
}
