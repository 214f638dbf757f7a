import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { readHubConfig } from '../../regency/config.ts'
import { openHub } from '../../regency/hub.ts'
import { exitCode } from '../errors.ts'
import type { Command } from './command.ts'
import { untilStopped } from './stop.ts'

export const hub: Command = {
  summary: 'run the regency’s side',
  help: `balai hub [--config hub.toml]

Takes what the boxes of a regency send through its MQTT broker, commits it to
PostgreSQL, and answers. Serves the console. Brings the database's schema up to
date at the start; refuses one that is newer. Several hubs may share a database
when each has its own client_id and its own districts.

  --config FILE   configuration (default: hub.toml; README has the table)

Secrets: BALAI_POSTGRES_URL, BALAI_MQTT_PASSWORD, or files named in hub.toml.
Console accounts: balai hub-account --help
`,
  async run(args) {
    const { values } = parseArgs({ args, options: { config: { type: 'string', default: 'hub.toml' } } })
    const config = readHubConfig(values.config)
    const stopped = untilStopped()
    const running = await openHub(config, { log: pino({ level: config.log }) })
    await stopped
    await running.close()
    return exitCode.ok
  },
}
