import { join } from 'node:path';
import { createSystemRandom } from '@sextant/firmware-bridge/bridge';
import type { SimulatorAnswer } from '../simulator/process-messages.ts';
import { bringUp, type RunningNetwork } from './bring-up.ts';
import { Settling } from './chain/settling.ts';
import { commandAgeMs } from './command-age.ts';
import { formatDuration } from './durations.ts';
import type { LaunchOptions } from './launch-options.ts';
import { Monitor } from './monitor.ts';
import { watchMemory } from './process-memory.ts';
import type { Invited } from './process-messages.ts';
import type { Children } from './programs.ts';
import type { Progress } from './progress/progress.ts';
import { summarise, writeSummary } from './run-summary.ts';

export interface LaunchModules {
  readonly children: Children;
  readonly progress: Progress;
  /** Aborted when the person wants an end. */
  readonly ending: AbortSignal;
}

/**
 * Brings everything up, shows what happens, and comes back when enough epochs have closed or an end is wanted; the children
 * still run then. Rejects with OptionError, PortError or ChildError, which say what to do.
 */
export async function launch(options: LaunchOptions, modules: LaunchModules): Promise<void> {
  const { children, progress, ending } = modules;
  const memory = watchMemory();
  const { strong, faint } = progress.palette;
  const what = options.simulator ? 'a network with a simulated city' : 'a network that waits for gateways';
  progress.say('', `  ${strong('Sextant')} ${faint(`· ${what}, data in ${options.dataDirectory}`)}`, '');
  const running = await unless(ending, bringUp(options, { children, progress, random: createSystemRandom() }));
  if (!running) return;
  await sayWhereToLook(running, options, modules);
  const { chain, dataDirectory } = options;
  const settling = chain && new Settling(chain, dataDirectory, { children, progress, running });
  const monitor = new Monitor(options, { running, progress, ageMs: commandAgeMs });
  await Promise.race([monitor.watch(ending), children.untilBroken(childrenOf(running))]);
  if (ending.aborted || options.jsonFile === undefined) return;
  await unless(ending, untilSettled(settling, monitor.sightings().epochs, running));
  const step = progress.begin('counting every report');
  // A gateway that were gone could not say no, and what may have been sent is revealed.
  await running.simulator?.request<Hushed>({ type: 'simulator/hush' }, 'simulator/hushed');
  const summary = await unless(ending, summarise(running, monitor.sightings(), memory.peakMiB(), settling));
  if (!summary) return step.failed('interrupted');
  writeSummary(options.jsonFile, summary);
  step.done(`${summary.lostReports} lost; written to ${options.jsonFile}`);
}

/** After its veto window an epoch takes a few blocks to be claimable; a busy machine some more time. */
const SETTLING_MS = 20_000;

async function untilSettled(
  settling: Settling | undefined,
  epochs: readonly { readonly epoch: number }[],
  { network }: RunningNetwork,
): Promise<void> {
  const last = epochs.at(-1)?.epoch;
  if (last !== undefined) await settling?.untilSettled(last, network.timing.epochMs / 10 + SETTLING_MS);
}

type Hushed = Extract<SimulatorAnswer, { type: 'simulator/hushed' }>;

/** Undefined as soon as an end is wanted; what goes on then is of no interest any more. */
async function unless<T>(ending: AbortSignal, work: Promise<T>): Promise<T | undefined> {
  const ended = new Promise<undefined>((resolve) => {
    if (ending.aborted) resolve(undefined);
    ending.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const result = await Promise.race([work, ended]);
  work.catch(() => undefined);
  return result;
}

const childrenOf = ({ oracle, bridges, simulator }: RunningNetwork) => [
  oracle,
  ...bridges,
  ...(simulator ? [simulator] : []),
];

async function sayWhereToLook(
  running: RunningNetwork,
  { dataDirectory }: LaunchOptions,
  { progress }: LaunchModules,
): Promise<void> {
  const { api, network, oracle, simulator } = running;
  const { accent, strong, faint } = progress.palette;
  progress.say('', `  The map:  ${strong(accent(api.url))}`, '');
  if (simulator) {
    if (network.latestClosedEpoch === undefined) progress.say(`  ${faint(whatIsDue(network.timing))}`);
  } else {
    const request = { type: 'oracle/invite', participant: 'hotspot', count: 1 };
    const { codes } = await oracle.request<Invited & { id: number }>(request, 'oracle/invited');
    progress.say(
      '  The network waits for gateways. The owner of one runs, beside its packet forwarder:',
      '',
      `    ${strong(`npx sextant-bridge init --network ${api.url} --invitation ${codes[0] ?? ''}`)}`,
      '',
      `  ${faint('It asks for what it needs, and then says how to run the bridge. A code for one more:')}`,
      '',
      `    npx sextant-oracle invite --data ${join(dataDirectory, 'oracle')}`,
      '',
    );
  }
  progress.say(`  ${faint('Ctrl-C stops everything; the next start goes on where this one ended.')}`, '');
}

/** A hotspot's first beacon comes two rounds after the one it asserted its place in, and is paid when its epoch is. */
function whatIsDue({
  genesisMs,
  roundMs,
  epochMs,
  slotMs,
  clockMarginMs,
  epochGraceMs,
}: RunningNetwork['network']['timing']): string {
  const ageMs = Date.now() - genesisMs;
  const roundsAway = Math.max(0, Math.floor((ageMs - clockMarginMs) / roundMs)) + 2;
  const hexInMs = roundsAway * roundMs + slotMs + 2 * clockMarginMs - ageMs;
  const epochInMs = (Math.floor((roundsAway * roundMs) / epochMs) + 1) * epochMs + epochGraceMs - ageMs;
  return `The first hexagon is due in about ${formatDuration(hexInMs)}, the first rewards in about ${formatDuration(epochInMs)}.`;
}
