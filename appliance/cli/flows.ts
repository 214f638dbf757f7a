import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { runHost } from '../automation/host/host.ts'
import { LinkError } from '../automation/host/link.ts'
import { AppError, exitCode } from '../base/errors.ts'
import { findFlowModules } from '../base/program-files.ts'
import type { Command } from './command.ts'
import { untilStopped } from './stop.ts'

export const flows: Command = {
  summary: 'run the flows of a box (started by the box or by systemd)',
  help: `balai flows --socket FILE --token-file FILE --editor FILE

Runs Node-RED for the box that listens at the socket. It is started by
balai-flows.service, or by the box itself where there is no systemd; nobody needs
to type it. Which flows run, and who may change them, is the box's to say: see
/flows and the technician page.

  --socket FILE      Unix socket of the box
  --token-file FILE  file with the secret that the box made for this start
  --editor FILE      Unix socket to make for the editor
`,
  async run(args) {
    const { values } = parseArgs({
      args,
      options: { socket: { type: 'string' }, 'token-file': { type: 'string' }, editor: { type: 'string' } },
    })
    const { socket: socketPath, 'token-file': tokenFile, editor } = values
    if (!socketPath || !tokenFile || !editor)
      throw new AppError('invalid', 'config', 'balai flows needs --socket, --token-file and --editor: see --help.')
    const modules = findFlowModules()
    if (modules === null)
      throw new AppError('unavailable', 'flow.not-installed', 'Node-RED is not here: install the package balai-flows.')
    const link = { socketPath, token: readFileSync(tokenFile, 'utf8').trim() }
    let end: (why: string) => void = () => {}
    const boxGone = new Promise<string>((resolve) => {
      end = resolve
    })
    try {
      const host = await runHost({ link, editor, modules }, end)
      const why = await Promise.race([boxGone, untilStopped()])
      await host.stop()
      return why ? exitCode.failed : exitCode.ok
    } catch (error) {
      if (!(error instanceof LinkError)) throw error
      throw new AppError('unavailable', 'flow.refused', `The box does not let the flows run: ${error.message}`)
    }
  },
}
