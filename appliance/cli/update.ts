import { parseArgs } from 'node:util'
import { exitCode } from '../base/errors.ts'
import { runProgram } from '../base/run-program.ts'
import { defaultStick, readBoxFile } from '../config.ts'
import { applyUpdate } from '../updates/apply.ts'
import { raucInfo } from '../updates/bundles.ts'
import { installProgram } from '../updates/install-program.ts'
import { readSystem } from '../updates/machine.ts'
import { stateFolder } from '../updates/request-files.ts'
import { programCompatible } from '../wire/releases.ts'
import type { Command } from './command.ts'

export const update: Command = {
  summary: 'install the system or program that the technician page asks for',
  help: `balai update apply [--config balai.toml]

Installs the signed bundle that the technician page asks for on a box that was
written as an image, a system into the free slot or the program alone beside
the one of the system, and starts the machine with it. systemd starts it as root
whenever something is asked (balai-update.path); nobody needs to call it by hand.

  --config FILE    configuration (default: /etc/balai/balai.toml)
  --state DIR      where it says how far it is (default: ${stateFolder})
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        config: { type: 'string', default: '/etc/balai/balai.toml' },
        state: { type: 'string', default: stateFolder },
      },
    })
    if (positionals.join(' ') !== 'apply') {
      process.stderr.write('balai update: the only word is apply\n')
      return exitCode.usage
    }
    const system = readSystem()
    if (!system) {
      process.stderr.write('balai update: this machine was not written as an image, and has no second slot\n')
      return exitCode.failed
    }
    const { data, backup_stick: stickFolder = defaultStick } = readBoxFile(values.config)
    const outcome = await applyUpdate({
      ...{ data, stickFolder, stateFolder: values.state, system },
      async install(file) {
        const readInfo = raucInfo()
        // RAUC itself refuses a system that is for another machine.
        if ((await readInfo(file)).compatible !== programCompatible()) await runProgram('rauc', ['install', file])
        else
          await installProgram(file, {
            ...{ stateFolder: values.state, readInfo },
            // A copy where only root writes. RAUC would look for the disk that it lies on, which this unit does not see.
            async extract(bundle, folder) {
              await runProgram('rauc', ['extract', '--trust-environment', bundle, folder])
            },
          })
      },
      async restart() {
        await runProgram('systemctl', ['reboot'])
      },
    })
    process.stdout.write(`${outcome}\n`)
    return outcome === 'failed' ? exitCode.failed : exitCode.ok
  },
}
