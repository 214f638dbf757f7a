import { parseArgs } from 'node:util'
import { exitCode } from '../base/errors.ts'
import { readBoxFile } from '../config.ts'
import { createSetupCode } from '../people/setup-code.ts'
import { becomeOwner, type Command, configHelp, configPath } from './command.ts'

export const setupCode: Command = {
  summary: 'show the one-time code that makes a technician',
  help: `balai setup-code [--config balai.toml] [--new]

Shows the code that the first technician types at /technician. It works once.
Only whoever can read the data folder (root, on a box) can show it.

${configHelp('balai.toml')}
  --new           make a code when none is open: the last technician was lost
`,
  async run(args) {
    const { values } = parseArgs({
      args,
      options: { config: { type: 'string' }, new: { type: 'boolean', default: false } },
    })
    // Also while the box knows of no village: by it the page takes the file.
    const { data } = readBoxFile(configPath('balai.toml', values.config))
    becomeOwner(data)
    const code = createSetupCode(data)
    const shown = values.new ? code.make() : code.read()
    if (!shown) {
      process.stderr.write('No setup code is open. If the last technician was lost: sudo balai setup-code --new\n')
      return exitCode.failed
    }
    process.stdout.write(`${shown.slice(0, 5)} ${shown.slice(5)}\n`)
    return exitCode.ok
  },
}
