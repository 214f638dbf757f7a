import { defineConfig } from 'vitest/config'
import { DiedReporter } from './testing/died-reporter.ts'
import { LongestFirst } from './testing/longest-first.ts'
import { SlowestReporter } from './testing/slowest-reporter.ts'

const folders = ['appliance', 'regency', 'provisioning', 'bench', 'testing', 'flows', 'images']
const images = folders.map((folder) => `${folder}/**/*.image.test.ts`)

// The suffix of a test file says what it needs (.broker, .postgres, .browser, .image); three files run at once on two cores,
// as most wait for a line or a page. Those of what ships (.image) come last, one at a time: they build into one folder.
// Their long form (.image-long) has a configuration of its own.
export default defineConfig({
  test: {
    pool: 'forks',
    // V8's baseline compiler and its collector crash a process now and then where code comes and goes as fast as in tests
    // (nodejs/node issues 62393 and 64500): a worker was gone with SIGSEGV once in some twenty runs. One went without that
    // compiler as well: DiedReporter names the file, and .ci/again.mjs runs it again.
    execArgv: ['--no-sparkplug'],
    testTimeout: 90_000,
    hookTimeout: 60_000,
    // Two files run at once, beside whatever else the machine does: a second is no answer.
    expect: { poll: { timeout: 15_000 } },
    sequence: { sequencer: LongestFirst },
    reporters: [
      'default',
      ['json', { outputFile: 'artifacts/results.json' }],
      new SlowestReporter(),
      new DiedReporter(),
    ],
    projects: [
      {
        extends: true,
        test: {
          name: 'sources',
          include: folders.map((folder) => `${folder}/**/*.test.ts`),
          exclude: [...images, '**/*.image-long.test.ts', 'testing/toy-room/**'],
          globalSetup: 'testing/run-setup.ts',
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'program', include: images, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
})
