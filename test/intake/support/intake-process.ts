/** An oracle's intake as a process of its own, to be killed at any moment. Started by fork; says its port. */
import { createSystemClock } from '@sextant/firmware-bridge/clock';
import { hotspot, knowing } from './participants.ts';
import { startTestIntake } from './test-intake.ts';

const folder = process.argv[2] ?? '';
const hotspots = Array.from({ length: Number(process.argv[3]) }, (_, i) => hotspot(i));
const intake = await startTestIntake({
  folder,
  clock: createSystemClock(),
  knownKeys: knowing(hotspots),
  options: { rate: { perMinute: 1_000_000, burst: 1_000_000 } },
});
process.on('disconnect', () => process.exit(0));
process.send?.(intake.port);
