import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { startServer } from './servers.ts'
import type { openTestFleet } from './test-fleet.ts'

/** A real Mosquitto that runs with the files of `balai fleet init`, as they are. For tests and measurements only. */
export async function startFleetBroker(made: Awaited<ReturnType<typeof openTestFleet>>) {
  const folder = mkdtempSync(join(tmpdir(), 'balai-mosquitto-'))
  // What Debian's own mosquitto.conf does: it takes in conf.d. Started by root it stays root, who can read the folder.
  const user = process.getuid?.() === 0 ? 'user root\n' : ''
  const config = join(folder, 'mosquitto.conf')
  const persistence = `persistence true\npersistence_location ${folder}/\n`
  writeFileSync(config, `${user}${persistence}include_dir ${made.path('broker')}\n`)
  return await startServer({
    command: process.env.BALAI_MOSQUITTO ?? '/usr/sbin/mosquitto',
    args: ['-c', config],
    folder,
    user: {},
    stopSignal: 'SIGTERM',
    isReady: () => reach(made.fleet.settings.enrol_port),
  })
}

const reach = (port: number) =>
  new Promise<void>((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', reject)
  })
