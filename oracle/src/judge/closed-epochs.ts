import { nativeSha256 } from '@sextant/firmware-bridge/native-sha256';
import type { VerifySignature } from '@sextant/firmware-bridge/protocol';
import { type EpochResult, type EpochState, openEpoch, type RuleSet } from '../core/index.ts';
import type { EpochArchive } from './epoch-archive.ts';
import { type JudgedLog, judgedBy } from './judge-loop.ts';

export interface ClosedEpochsModules {
  readonly log: JudgedLog;
  readonly archive: EpochArchive;
  readonly verify: VerifySignature;
  readonly salt: Uint8Array;
}

/**
 * Computes the results of epochs `from` to the newest archived one once more, from the log: for a database that lost
 * them. Throws when the log gives another root than the archive says: one of the two was changed.
 */
export async function* recomputeClosedEpochs(
  from: number,
  options: { readonly ruleSet: RuleSet; readonly genesis: EpochState },
  modules: ClosedEpochsModules,
): AsyncGenerator<EpochResult<EpochState>> {
  const { archive } = modules;
  const latest = await archive.latestEpoch();
  let state = from === 0 ? options.genesis : await archive.findState(from - 1);
  if (!state) {
    for await (const result of recomputeClosedEpochs(0, options, modules)) {
      if (result.summary.epoch >= from) yield result;
    }
    return;
  }
  for (let epoch = from; epoch <= latest; epoch++) {
    const summary = await archive.findSummary(epoch);
    if (!summary) throw new Error(`the archive has no summary of epoch ${epoch}: run sextant-oracle rebuild`);
    const result = await recompute(state, summary, options.ruleSet, modules);
    if (result.summaryJson !== Buffer.from(summary).toString()) {
      throw new Error(`the log gives another epoch ${epoch} than the archive: run sextant-oracle rebuild`);
    }
    yield result;
    state = result.state;
  }
}

async function recompute(
  state: EpochState,
  summary: Uint8Array,
  ruleSet: RuleSet,
  { log, verify, salt }: ClosedEpochsModules,
): Promise<EpochResult<EpochState>> {
  const { origin } = log.checkpoint();
  const { attempt, size } = cutOf(summary, origin);
  const epoch = openEpoch(state, ruleSet, { verify, sha256: nativeSha256, salt, cells: new Map() });
  let index = judgedBy(state, log);
  for await (const entry of log.entries(index, size)) epoch.add({ origin, index: index++ }, entry);
  return epoch.close({ attempt, logs: [{ origin, size, root: await log.rootAt(size) }] });
}

interface SummaryCut {
  readonly attempt: string;
  readonly cut: readonly { readonly origin: string; readonly size: string }[];
}

function cutOf(summary: Uint8Array, origin: string): { attempt: number; size: number } {
  const { attempt, cut } = JSON.parse(Buffer.from(summary).toString()) as SummaryCut;
  const log = cut.find((entry) => entry.origin === origin);
  if (!log) throw new Error(`an archived summary has no cut of ${origin}`);
  return { attempt: Number(attempt), size: Number(log.size) };
}
