import type { Clock } from '@sextant/firmware-bridge/clock';
import { epochAt, equalBytes, type Genesis, nameOfKey, parseId, quorumOf } from '@sextant/firmware-bridge/protocol';
import type { Logger } from 'pino';
import { type EpochState, judgesPlaces, type RuleSet, type RuleSet2 } from '../core/index.ts';
import { accusationView } from '../explain/accusation-account.ts';
import { describeAccusation } from '../explain/describe-accusation.ts';
import type { EpochArchive } from '../judge/index.ts';
import { KIND_OF_GRANT } from '../validator/grant-desk.ts';
import { participantId } from '../validator/participants.ts';
import type { Validator } from '../validator/validator.ts';
import type { AccusedView, OperatorAnswer, OperatorContext, OperatorRequest } from './operator-request.ts';

interface OperatorDeskOptions {
  readonly genesis: Genesis;
  readonly ruleSet: RuleSet;
}

interface OperatorDeskModules {
  readonly validator: Pick<Validator<unknown>, 'grantDesk' | 'ownRecords' | 'participants' | 'reviewDesk'>;
  readonly archive: Pick<EpochArchive, 'findState' | 'latestEpoch'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

type Ask<Kind extends OperatorRequest['ask']> = Extract<OperatorRequest, { ask: Kind }>;

/** Does what the operator of the validator asks for: grants and reviews, as records in the log, and what there is of both. */
export class OperatorDesk {
  readonly #options: OperatorDeskOptions;
  readonly #modules: OperatorDeskModules;

  constructor(options: OperatorDeskOptions, modules: OperatorDeskModules) {
    this.#options = options;
    this.#modules = modules;
  }

  /** Rejects when the log cannot be written. */
  async answer(request: OperatorRequest): Promise<OperatorAnswer> {
    const context = await this.#context();
    switch (request.ask) {
      case 'grant':
        return { ask: 'grant', context, result: await this.#grant(request) };
      case 'grants':
        return { ask: 'grants', context, grants: this.#grants(context.epoch) };
      case 'accusations':
        return { ask: 'accusations', context, accused: await this.#accused(context) };
      case 'review':
        return { ask: 'review', context, ...(await this.#review(request, context)) };
    }
  }

  async #context(): Promise<OperatorContext> {
    const { genesis, ruleSet } = this.#options;
    const { networkId, timing, validators } = genesis;
    const { archive, clock } = this.#modules;
    return {
      networkId,
      ruleSet: ruleSet.number,
      epoch: epochAt(timing, clock.now()),
      latestClosedEpoch: await archive.latestEpoch(),
      quorum: quorumOf(validators.length),
      judgesPlaces: judgesPlaces(ruleSet),
    };
  }

  async #grant({ id, grant, epochs }: Ask<'grant'>) {
    const { validator, logger } = this.#modules;
    const result = await validator.grantDesk.grant({ key: keyOf(id), grant, epochs });
    if (result.ok && result.isNew) {
      const { lastEpoch } = result;
      // Whoever can have anchors granted can have places believed: it should be seen in the log.
      if (grant === 'anchor') logger.warn({ id, lastEpoch }, 'granted an anchor: trust flows from it');
      else logger.info({ id, lastEpoch }, 'granted a survey device');
    }
    return result;
  }

  #grants(epoch: number) {
    return this.#modules.validator.ownRecords.grantsStanding(epoch).map(({ key, grant, lastEpoch }) => ({
      id: participantId({ key, kind: KIND_OF_GRANT[grant] }),
      name: nameOfKey(key),
      grant,
      lastEpoch,
    }));
  }

  async #accused({ latestClosedEpoch }: OperatorContext): Promise<readonly AccusedView[]> {
    const { ruleSet } = this.#options;
    if (!judgesPlaces(ruleSet)) return [];
    const state = await this.#closedState(latestClosedEpoch);
    const accused = (state?.places ?? []).flatMap(({ key, standing }) =>
      standing.accusations.map((accusation) => this.#view(key, accusation, latestClosedEpoch, ruleSet)),
    );
    return accused.sort((a, b) => urgency(b) - urgency(a));
  }

  #view(
    key: Uint8Array,
    standing: EpochState['places'][number]['standing']['accusations'][number],
    epoch: number,
    ruleSet: RuleSet2,
  ): AccusedView {
    const { ownRecords, participants } = this.#modules.validator;
    const accusation = accusationView(standing, epoch, ruleSet);
    const { appeal, code } = accusation;
    const own = appeal && ownRecords.findReview(key, code, appeal.epoch);
    return {
      id: participantId({ key, kind: participants.find(key)?.kind ?? 'hotspot' }),
      name: nameOfKey(key),
      accusation,
      ...(own ? { own } : {}),
      lines: describeAccusation(accusation),
    };
  }

  async #review({ id, accusation, ruling }: Ask<'review'>, { latestClosedEpoch }: OperatorContext) {
    const { validator, logger } = this.#modules;
    const { reviewDesk } = validator;
    const state = reviewDesk && (await this.#closedState(latestClosedEpoch));
    if (!state || !reviewDesk) return { result: { ok: false, reason: 'no_closed_epoch' }, standing: [] } as const;
    const key = keyOf(id);
    const place = state.places.find((candidate) => equalBytes(candidate.key, key));
    if (!place) return { result: { ok: false, reason: 'unknown_key' }, standing: [] } as const;
    const { accusations } = place.standing;
    const result = await reviewDesk.review({ key, accusations, accusation, ruling });
    if (result.ok && result.isNew) logger.info({ id, accusation, ruling }, 'reviewed an appeal');
    return { result, standing: accusations.map(({ code }) => code) };
  }

  #closedState(epoch: number): Promise<EpochState | undefined> {
    return epoch < 0 ? Promise.resolve(undefined) : this.#modules.archive.findState(epoch);
  }
}

/** Appeals that wait come first, then accusations, suspicions, and what is settled. */
function urgency({ accusation: { accused, appeal } }: AccusedView): number {
  if (appeal && appeal.ruling === undefined) return 3;
  if (appeal?.ruling === 'dismissed') return 0;
  return accused ? 2 : 1;
}

function keyOf(id: string): Uint8Array {
  const parsed = parseId(id);
  if (!parsed) throw new RangeError(`${id} is no id`);
  return parsed.publicKey;
}
