import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { startServer } from './servers.ts'
import type { openTestFleet } from './test-fleet.ts'

/**
 * A real Mosquitto that runs with the files of `balai fleet init`, as they are; a second one on this machine at other
 * ports. For tests and measurements only.
 */
export async function startFleetBroker(
  made: Awaited<ReturnType<typeof openTestFleet>>,
  { port, enrolPort }: { port: number; enrolPort: number } = portsOf(made),
) {
  const folder = mkdtempSync(join(tmpdir(), 'balai-mosquitto-'))
  // What Debian's own mosquitto.conf does: it takes in conf.d. Started by root it stays root, who can read the folder.
  const user = process.getuid?.() === 0 ? 'user root\n' : ''
  const config = join(folder, 'mosquitto.conf')
  const persistence = `persistence true\npersistence_location ${folder}/\n`
  const own = portsOf(made)
  const text = made
    .read('broker/balai.conf')
    .replace(`listener ${own.port}\n`, `listener ${port}\n`)
    .replace(`listener ${own.enrolPort}\n`, `listener ${enrolPort}\n`)
  mkdirSync(join(folder, 'conf.d'))
  writeFileSync(join(folder, 'conf.d', 'balai.conf'), text)
  writeFileSync(config, `${user}${persistence}include_dir ${join(folder, 'conf.d')}\n`)
  return await startServer({
    command: process.env.BALAI_MOSQUITTO ?? '/usr/sbin/mosquitto',
    args: ['-c', config],
    folder,
    user: {},
    stopSignal: 'SIGTERM',
    isReady: () => reach(enrolPort),
  })
}

const portsOf = ({ fleet: { settings } }: Awaited<ReturnType<typeof openTestFleet>>) => ({
  port: settings.broker_port,
  enrolPort: settings.enrol_port,
})

const reach = (port: number) =>
  new Promise<void>((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', reject)
  })
