import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { systemClock } from '../base/clock.ts'
import { exitCode } from '../base/errors.ts'
import { runProgram } from '../base/run-program.ts'
import { readBoxFile } from '../config.ts'
import { applyNetwork } from '../network/apply.ts'
import { stateFolder } from '../network/request-files.ts'
import type { Command } from './command.ts'

export const network: Command = {
  summary: 'make the connections what the technician page asks for',
  help: `balai network apply [--config balai.toml]

Writes the connections that the technician page or the enrolment file asks for
as files of NetworkManager, and takes them back when nobody confirms in time.
systemd starts it as root whenever something is asked (balai-network.path);
nobody needs to call it by hand.

  --config FILE    configuration (default: /etc/balai/balai.toml)
  --profiles DIR   folder of the connections
                   (default: /etc/NetworkManager/system-connections)
  --before FILE    what there was before, while a change is tried
                   (default: /var/lib/balai-network/before.json)
  --state DIR      where it says how far it is (default: ${stateFolder})
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        config: { type: 'string', default: '/etc/balai/balai.toml' },
        profiles: { type: 'string', default: '/etc/NetworkManager/system-connections' },
        before: { type: 'string', default: '/var/lib/balai-network/before.json' },
        state: { type: 'string', default: stateFolder },
      },
    })
    if (positionals.join(' ') !== 'apply') {
      process.stderr.write('balai network: the only word is apply\n')
      return exitCode.usage
    }
    const outcome = await applyNetwork({
      data: readBoxFile(values.config).data,
      stateFolder: values.state,
      profilesFolder: values.profiles,
      beforeFile: values.before,
      // A connection whose device is not there does not come up: nothing that could be done about it here.
      nmcli: async (words) => {
        await runProgram('nmcli', words, 30_000).catch((error: Error) =>
          process.stderr.write(`nmcli ${words.join(' ')}: ${error.message}\n`),
        )
      },
      wait: (ms) => sleep(ms),
      now: systemClock.wall,
    })
    process.stdout.write(`${outcome}\n`)
    return outcome === 'refused' ? exitCode.failed : exitCode.ok
  },
}
