import { join } from 'node:path';
import {
  Bridge,
  createSystemRandom,
  DEFAULT_OUTBOX_OPTIONS,
  openLevelStore,
  type ParticipantStatus,
} from '@sextant/firmware-bridge/bridge';
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { fastVerifySignature } from '@sextant/firmware-bridge/native-ed25519';
import { metres, unixMs } from '@sextant/firmware-bridge/protocol';
import { pino } from 'pino';
import { beaconFrame, eui, radio } from './bridge-harness.ts';
import { FakeDriver } from './fake-driver.ts';
import { factsOf } from './test-oracle.ts';

/**
 * A bridge in a process of its own, to be killed: `node bridge-child.js <settings as JSON>`. With `firstFrame` it hears
 * beacons without end, numbered from there, and tells after each how many are safe on disk; without it, it delivers what is
 * there, tells its status and ends.
 */
export interface ChildSettings {
  readonly folder: string;
  readonly id: string;
  readonly brokerUrl: string;
  readonly genesisMs: number;
  readonly firstFrame?: number;
}

/** What the child tells. */
export type ChildMessage =
  | { readonly safe: number; readonly storageProblem?: string }
  | { readonly outbox: ParticipantStatus['outbox'] | undefined };

const tell = (message: ChildMessage): void => void process.send?.(message);

/** Frames at a time, and the pause between: a few hundred reports a second. */
const BURST = 5;
const PAUSE_MS = 10;

async function main(settings: ChildSettings): Promise<void> {
  const { folder, id, brokerUrl, genesisMs, firstFrame } = settings;
  const clock = createSystemClock();
  const driver = new FakeDriver(clock, [eui(1)]);
  const place = {
    ...radio,
    cell: 0x891e2659c3bffffn,
    antennaAglM: metres(10),
    altitudeMslM: metres(300),
    canTransmit: true,
  };
  const bridge = new Bridge(
    {
      facts: factsOf(brokerUrl, unixMs(genesisMs)),
      participants: [{ kind: 'hotspot', id, eui: eui(1), place }],
      keysFolder: join(folder, 'keys'),
      maxOutboxBytes: DEFAULT_OUTBOX_OPTIONS.maxBytes,
      maxUnsavedReports: DEFAULT_OUTBOX_OPTIONS.maxUnsavedReports,
      statusIntervalMs: 3_600_000,
      flushDelayMs: 20,
      maxInFlight: 8,
    },
    {
      driver,
      store: await openLevelStore(join(folder, 'outbox')),
      clock,
      timers: clock,
      random: createSystemRandom(),
      verify: fastVerifySignature,
      logger: pino({ enabled: false }),
      createPositionSource: () => {
        throw new Error('no survey device here');
      },
      onLoginRefused: () => undefined,
    },
  );
  await bridge.start();
  if (firstFrame !== undefined) return hearForEver(bridge, driver, firstFrame);
  await bridge.idle();
  const [participant] = (await bridge.status()).participants;
  tell({ outbox: participant?.outbox });
  await bridge.stop();
  process.disconnect();
}

function hearForEver(bridge: Bridge, driver: FakeDriver, firstFrame: number): void {
  let next = firstFrame;
  const hear = (): void => {
    for (let i = 0; i < BURST; i++) driver.hear(eui(1), beaconFrame(next++));
    void bridge.status().then(({ participants, storageProblem }) => {
      const problem = storageProblem === undefined ? {} : { storageProblem };
      tell({ safe: participants[0]?.witness.reported ?? 0, ...problem });
    });
    setTimeout(hear, PAUSE_MS);
  };
  process.on('disconnect', () => process.exit(1));
  hear();
}

await main(JSON.parse(process.argv[2] ?? '') as ChildSettings);
