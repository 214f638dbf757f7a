import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * The files that take longest begin first, so that a run never ends with one core at work on one of them. On a machine
 * that ran them before, the test runner knows; a fresh one goes by this list (see what a run prints at its end).
 */
export const longFiles = [
  'bench/simulate/simulate.test.ts',
  'appliance/cli/power-cut.test.ts',
  'appliance/pages/any-browser.browser.test.ts',
  'appliance/pages/sizes.browser.test.ts',
  'regency/cluster.broker.test.ts',
  'appliance/automation/host.test.ts',
  'regency/conformance/conformance.broker.test.ts',
  'regency/commands/move-broker.broker.test.ts',
  'provisioning/install.test.ts',
  'appliance/pages/technician.browser.test.ts',
  'appliance/cli/kills.broker.test.ts',
  'appliance/cli/cli.test.ts',
  'appliance/cli/outages.broker.test.ts',
  'testing/toy-room.postgres.test.ts',
]

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification) => {
      const at = longFiles.indexOf(relative(this.ctx.config.root, file.moduleId))
      return at < 0 ? longFiles.length : at
    }
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b))
  }
}
