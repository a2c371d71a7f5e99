import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const source = ['source', 'module', 'node', 'development|production'];

/** Where `.ci/run` wants the numbers of a run. */
const resultsFile = process.env['SEXTANT_TEST_RESULTS'];

/** Whole networks, replays, browsers and the search of all places first: they take longest, and begun last one of them would keep the other cores waiting. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      /\/test\/(e2e|replay|browser)\/|\/location-search\.test/.test(moduleId);
    return [...new Set(sorted.map(({ project }) => project))].flatMap((project) => {
      const own = sorted.filter((file) => file.project === project);
      return [...own.filter(isLong), ...own.filter((file) => !isLong(file))];
    });
  }
}

/** Two projects: `unit` stands beside the code it tests, `whole` (folder test/) needs more than one package. */
export default defineConfig({
  resolve: { conditions: source },
  ssr: { resolve: { conditions: source, externalConditions: source } },
  test: {
    reporters: resultsFile === undefined ? ['default'] : ['default', ['json', { outputFile: resultsFile }]],
    // Many tests wait for other processes: no core should stand idle meanwhile.
    maxWorkers: '100%',
    // Tests leave nothing behind in their process, so the next file need not load everything anew: a third of the time.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // They take milliseconds; the rest is for a machine that does much else.
          testTimeout: 30_000,
          hookTimeout: 30_000,
          include: [
            '{firmware-bridge,contracts-client,oracle}/src/**/*.test.ts',
            'coverage-map/{src,basemap,build}/**/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: ['test/dist/**'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
