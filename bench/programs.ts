import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { newId } from '../appliance/ids.ts'
import { freePort, startServer } from './servers.ts'

/*
 * The real `balai serve` and `balai hub` as processes of their own, which a test may kill -9, and a kiosk that takes
 * tickets over HTTP.
 */

const cli = join(import.meta.dirname, '..', 'appliance', 'balai.js')

type BoxOptions = {
  folder: string
  village: string
  brokerUrl?: string
  keepaliveS?: number
  /** A program that runs the box, with its arguments: strace, faketime. */
  under?: readonly string[]
  /** Further arguments for node. */
  nodeArgs?: readonly string[]
}

/** A village box on its data folder. `restart` goes on with the same folder and ports. */
export async function startBox({ folder, village, brokerUrl, keepaliveS = 30, under = [], nodeArgs = [] }: BoxOptions) {
  const port = await freePort()
  const httpsPort = await freePort()
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'balai.toml')
  const mqtt = brokerUrl ? `[mqtt]\nurl = "${brokerUrl}"\nkeepalive_s = ${keepaliveS}\n` : ''
  writeFileSync(
    file,
    `village = "${village}"\nname = "Desa Uji"\ndistrict = "Uji"\nzone = "WIB"\ndata = "${folder}"\nlog = "warn"\n` +
      `[lan]\nhost = "127.0.0.1"\nhttp_port = ${port}\nhttps_port = ${httpsPort}\n${mqtt}`,
  )
  const url = `http://127.0.0.1:${port}`
  const [command = '', ...args] = [...under, process.execPath, ...nodeArgs, cli, 'serve', '--config', file]
  const server = await startServer({
    command,
    args,
    folder,
    user: {},
    stopSignal: 'SIGTERM',
    isReady: async () => (await fetch(`${url}/metrics`)).text(),
  })
  return { ...server, url, config: file }
}

type HubOptions = {
  folder: string
  brokerUrl: string
  postgresUrl: string
  clientId?: string
  villages?: readonly string[]
}

/** A regency's hub. */
export async function startHub({ folder, brokerUrl, postgresUrl, clientId = 'hub-1', villages = [] }: HubOptions) {
  const port = await freePort()
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'hub.toml')
  const rows = villages.map((village) => `${village},desa,Uji ${village.slice(-4)},${village.slice(0, 6)},Uji`)
  writeFileSync(join(folder, 'villages.csv'), ['code,kind,name,district_code,district', ...rows, ''].join('\n'))
  writeFileSync(
    file,
    `name = "Kabupaten Uji"\ndata = "${join(folder, 'data')}"\nvillages = "villages.csv"\nlog = "warn"\n` +
      `[mqtt]\nurl = "${brokerUrl}"\nclient_id = "${clientId}"\n[postgres]\nurl = "${postgresUrl}"\n[console]\nport = ${port}\n`,
  )
  return startHubWith(file, port)
}

/** A hub by a hub.toml of the caller's, whose console speaks HTTP on `port`. */
export async function startHubWith(config: string, port: number) {
  const url = `http://127.0.0.1:${port}`
  const server = await startServer({
    command: process.execPath,
    args: [cli, 'hub', '--config', config],
    folder: dirname(config),
    user: {},
    stopSignal: 'SIGTERM',
    isReady: async () => (await fetch(`${url}/metrics`)).text(),
  })
  return { ...server, url, config }
}

export type TakenTicket = { ticket: string; number: string }

/** A kiosk of a box on loopback: paired by being there, then one ticket per call. */
export async function openKiosk(url: string) {
  const headers = { 'content-type': 'application/json', 'x-balai': '1' }
  const paired = await fetch(`${url}/api/device`, { method: 'POST', headers, body: '{"kind":"kiosk"}' })
  const cookie = paired.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  await paired.text()
  return {
    cookie,
    /** Throws what `fetch` throws while the box is down, and an Error with the code that it refuses with. */
    async take(service: string, key = newId()): Promise<TakenTicket> {
      const response = await fetch(`${url}/api/tickets`, {
        method: 'POST',
        headers: { ...headers, cookie },
        body: JSON.stringify({ service, key }),
      })
      const answer = (await response.json()) as TakenTicket & { code?: string }
      if (response.status !== 201) throw new Error(`${response.status} ${answer.code}`)
      return answer
    },
  }
}
