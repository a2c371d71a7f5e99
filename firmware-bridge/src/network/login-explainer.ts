import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { findClockProblem } from './clock-advice.ts';
import type { NetworkFacts, PinnedValidator } from './network-facts.ts';
import { fetchNetwork, OracleHttpError } from './oracle-http.ts';

export interface LoginExplainerModules {
  readonly facts: NetworkFacts;
  /** HTTP address of a validator, when it is known. */
  readonly networkUrl: string | undefined;
  readonly clock: Clock;
  /** Real time. */
  readonly timers: Clock;
  readonly logger: Logger;
}

const QUIET_MS = 300_000;

/**
 * Finds out why a broker refuses logins: this machine's clock, held against the oracle's; another network than the one
 * pinned; else a key nobody made known. Says it once in five minutes.
 */
export class LoginExplainer {
  readonly #modules: LoginExplainerModules;
  readonly #saidAtMs = new Map<string, number>();

  constructor(modules: LoginExplainerModules) {
    this.#modules = modules;
  }

  async explain({ id }: Pick<PinnedValidator, 'id'>, participantId: string): Promise<void> {
    const { timers, logger } = this.#modules;
    const nowMs = timers.now();
    const key = `${id} ${participantId}`;
    if (nowMs - (this.#saidAtMs.get(key) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
    this.#saidAtMs.set(key, nowMs);
    logger.error({ validator: id, id: participantId }, `login refused. ${await this.#reason(participantId)}`);
  }

  async #reason(participantId: string): Promise<string> {
    const { networkUrl, facts, clock } = this.#modules;
    const unknownKey =
      `Either the network does not know ${participantId} (join with an invitation: sextant-bridge init; or register it: sextant-bridge agree), or its validator ` +
      'has got another key.';
    if (networkUrl === undefined) return `${unknownKey} Or this machine's clock is wrong:  timedatectl`;
    try {
      const answer = await fetchNetwork(networkUrl);
      if (answer.facts.networkId !== facts.networkId) {
        return `${networkUrl} is now network "${answer.facts.networkId}", not "${facts.networkId}": run init in another data folder.`;
      }
      return findClockProblem(facts.timing, clock.now(), answer.serverTimeMs) ?? unknownKey;
    } catch (error) {
      if (!(error instanceof OracleHttpError)) throw error;
      return `${unknownKey} Or this machine's clock is wrong (${networkUrl} could not be asked).`;
    }
  }

  /** At start: says it when the clock is wrong or a broker has moved. An oracle that does not answer is no matter. */
  async checkStart(): Promise<void> {
    const { networkUrl, facts, clock, logger } = this.#modules;
    if (networkUrl === undefined) return;
    try {
      const { serverTimeMs, facts: told } = await fetchNetwork(networkUrl);
      const problem = findClockProblem(facts.timing, clock.now(), serverTimeMs);
      if (problem !== undefined) logger.error(problem);
      for (const { id, brokerUrl } of told.validators) {
        const pinned = facts.validators.find((validator) => validator.id === id);
        if (!pinned || pinned.brokerUrl === brokerUrl) continue;
        logger.warn(
          { validator: id, pinned: pinned.brokerUrl, told: brokerUrl },
          'the network tells another broker address than the one in network.json: if it has moved, correct the file there',
        );
      }
    } catch (error) {
      if (!(error instanceof OracleHttpError)) throw error;
      logger.debug({ err: error }, 'the clock could not be compared with the network');
    }
  }
}
