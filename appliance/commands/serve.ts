import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { openBox } from '../box.ts'
import { readBoxConfig } from '../config.ts'
import { exitCode } from '../errors.ts'
import type { Command } from './command.ts'
import { untilStopped } from './stop.ts'

export const serve: Command = {
  summary: 'run the box of a village office',
  help: `balai serve [--config balai.toml]

Runs one village box: its pages on the LAN, its journal, and the relay to the
regency's broker. Stops cleanly on Ctrl-C or SIGTERM; survives anything else.

  --config FILE   configuration (default: balai.toml; README has the table)

The first start makes a setup code for the first technician: balai setup-code.
`,
  async run(args) {
    const { values } = parseArgs({ args, options: { config: { type: 'string', default: 'balai.toml' } } })
    const config = readBoxConfig(values.config)
    const box = await openBox(config, { log: pino({ level: config.log }) })
    const stopped = untilStopped()
    await stopped
    await box.close()
    return exitCode.ok
  },
}
