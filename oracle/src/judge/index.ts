export { type ClosedEpochsModules, recomputeClosedEpochs } from './closed-epochs.ts';
export { type EpochArchive, epochsFolder, openEpochArchive } from './epoch-archive.ts';
export { JudgeHost, type JudgeHostModules } from './judge-host.ts';
export { type JudgedLog, JudgeLoop, type JudgeLoopModules, type JudgeLoopOptions } from './judge-loop.ts';
export type { DatabaseAccess, JudgeStatus } from './judge-messages.ts';
export { readVerdictLeaves, type VerdictLeaves } from './verdict-leaves.ts';
