import { describe, expect, it } from 'vitest';
import { runEpochs } from '../support/world/run-epochs.ts';
import { honestLife } from '../support/world/timeline.ts';
import { createWorld, type Validator } from '../support/world/world.ts';
import { writeLog } from '../support/world/write-log.ts';

describe('an honest network', () => {
  const world = createWorld({ seed: 1, hotspots: 8, surveyDevices: 2 });
  const log = writeLog(world, honestLife(world, 2), { validator: world.validators[0] as Validator, lastEpoch: 2 });
  const results = runEpochs(world, [log]);

  it('is valid to the last report and paid to the last unit', () => {
    for (const { summary } of results.slice(1)) {
      expect(summary.counts).toMatchObject({ beacons: 16, surveyTransmissions: 12, invalid: 0, insufficient: 0 });
      expect(summary.counts['validLinks']).toBe(summary.counts['witnessReports']);
    }
    expect(results).toHaveLength(3);
  });
});
