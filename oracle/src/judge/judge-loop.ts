import { nativeSha256 } from '@sextant/firmware-bridge/native-sha256';
import { equalBytes, type VerifySignature } from '@sextant/firmware-bridge/protocol';
import {
  type AddedEntry,
  type CellCache,
  type EpochAccumulator,
  type EpochResult,
  type EpochState,
  openEpoch,
  type RuleSet,
} from '../core/index.ts';
import type { ProvisionalResults } from '../store/index.ts';
import type { EpochArchive } from './epoch-archive.ts';
import { LiveEpoch } from './live-epoch.ts';

/** The log as the judge reads it, as far as it is synced. */
export interface JudgedLog {
  checkpoint(): { readonly origin: string; readonly size: number };
  /** Entries [from, to) in order. */
  entries(from: number, to: number): AsyncIterable<Uint8Array>;
  /** RFC 6962 root of the first `size` entries. */
  rootAt(size: number): Promise<Uint8Array>;
}

export interface JudgeLoopOptions {
  readonly ruleSet: RuleSet;
  /** Key of the validator whose epoch marks make the cut. */
  readonly validator: Uint8Array;
  /** The state before epoch 0. */
  readonly genesis: EpochState;
  /** Provisional verdicts are told after so many entries. */
  readonly chunkEntries: number;
}

export interface JudgeLoopModules {
  readonly log: JudgedLog;
  readonly archive: EpochArchive;
  readonly verify: VerifySignature;
  /** At least 16 bytes nobody can foresee. */
  readonly salt: Uint8Array;
  onProvisional(results: ProvisionalResults): void;
  /** An entry in which a key hands over to another. */
  onSuccessor(entry: Uint8Array): void;
  /** After the epoch is in the archive. */
  onClosed(result: EpochResult<EpochState>): void;
}

/**
 * Reads the log in order and judges it: provisional verdicts as soon as a reveal is read, and the epoch at its mark. Only
 * the log decides when an epoch closes and what belongs to it, so a restart, a rebuild and another machine do the same.
 */
export class JudgeLoop {
  readonly #options: JudgeLoopOptions;
  readonly #modules: JudgeLoopModules;
  /** Emptied at each epoch, which bounds it. */
  readonly #cells: CellCache & Map<bigint, unknown>;
  #epoch: EpochAccumulator;
  #live: LiveEpoch;
  #next: number;

  private constructor(options: JudgeLoopOptions, modules: JudgeLoopModules, state: EpochState) {
    this.#options = options;
    this.#modules = modules;
    this.#cells = new Map();
    this.#epoch = this.#open(state);
    this.#live = new LiveEpoch(this.#epoch, options.ruleSet);
    this.#next = judgedBy(state, modules.log);
  }

  /** Goes on after the newest archived epoch, or from the beginning of the log. */
  static async open(options: JudgeLoopOptions, modules: JudgeLoopModules): Promise<JudgeLoop> {
    const state = await modules.archive.findState(await modules.archive.latestEpoch());
    return new JudgeLoop(options, modules, state ?? options.genesis);
  }

  /** Entries judged so far. */
  get judged(): number {
    return this.#next;
  }

  /** The running epoch. */
  get epoch(): number {
    return this.#epoch.epoch;
  }

  /** All that is provisional now. */
  provisional(): ProvisionalResults {
    return this.#live.all();
  }

  /** Judges everything the log has, and what comes in meanwhile. */
  async catchUp(): Promise<void> {
    const { log } = this.#modules;
    for (let size = log.checkpoint().size; this.#next < size; size = log.checkpoint().size) {
      const until = Math.min(size, this.#next + this.#options.chunkEntries);
      for await (const entry of log.entries(this.#next, until)) await this.#judge(entry);
      this.#tellProvisional();
    }
  }

  async #judge(entry: Uint8Array): Promise<void> {
    const { origin } = this.#modules.log.checkpoint();
    const added = this.#epoch.add({ origin, index: this.#next }, entry);
    this.#next++;
    this.#live.notice(added);
    if (hasSuccessor(added)) this.#modules.onSuccessor(entry);
    if (this.#isCut(added)) await this.#close(attemptOf(added));
  }

  #tellProvisional(): void {
    const news = this.#live.takeNews();
    if (news) this.#modules.onProvisional(news);
  }

  #isCut(added: AddedEntry): boolean {
    if (added.kind !== 'record' || added.record.kind !== 'epoch_mark') return false;
    const { validator, epoch } = added.record;
    return epoch === this.#epoch.epoch && equalBytes(validator, this.#options.validator);
  }

  async #close(attempt: number): Promise<void> {
    this.#tellProvisional();
    const { log, archive } = this.#modules;
    const root = await log.rootAt(this.#next);
    const result = this.#epoch.close({ attempt, logs: [{ origin: log.checkpoint().origin, size: this.#next, root }] });
    await archive.write(result);
    this.#cells.clear();
    this.#epoch = this.#open(result.state);
    this.#live = new LiveEpoch(this.#epoch, this.#options.ruleSet);
    this.#modules.onClosed(result);
  }

  #open(state: EpochState): EpochAccumulator {
    const { verify, salt } = this.#modules;
    return openEpoch(state, this.#options.ruleSet, { verify, sha256: nativeSha256, salt, cells: this.#cells });
  }
}

/** Entries of the log that the state's epochs contain. */
export function judgedBy(state: EpochState, log: JudgedLog): number {
  const { origin } = log.checkpoint();
  return state.logs.find((standing) => standing.origin === origin)?.size ?? 0;
}

function attemptOf(added: AddedEntry): number {
  return added.kind === 'record' && added.record.kind === 'epoch_mark' ? added.record.attempt : 0;
}

function hasSuccessor(added: AddedEntry): boolean {
  return added.kind === 'batch' && added.reports.some(({ report }) => report.kind === 'successor');
}
