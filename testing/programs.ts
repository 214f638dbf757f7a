import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { newId } from '../appliance/base/ids.ts'
import { freePort, reach, startServer } from './servers.ts'

/*
 * The real `balai serve` and `balai hub` as processes of their own, which a test may kill -9, and a kiosk that takes
 * tickets over HTTP.
 */

const cli = join(import.meta.dirname, '..', 'appliance', 'balai.js')

/** Node-RED takes three seconds of a processor at each start of a box: lines of balai.toml for who has no need of it. */
export const withoutFlows = '[flows]\nenabled = false\n'

type Certificates = { ca: string; cert: string; key: string }

type BoxOptions = {
  folder: string
  village: string
  brokerUrl?: string
  /** Paths of what the box shows there and knows it by. */
  certificates?: Certificates
  keepaliveS?: number
  /** By which the regency signs; without it the box believes nothing that comes down. */
  hubKey?: string
  /** A program that runs the box, with its arguments: strace, faketime. */
  under?: readonly string[]
  /** Further arguments for node. */
  nodeArgs?: readonly string[]
  /** Another program than the sources: the built one. */
  program?: string
}

/** A village box on its data folder, without flows. `restart` goes on with the same folder and ports. */
export async function startBox({
  folder,
  village,
  brokerUrl,
  certificates,
  keepaliveS = 30,
  hubKey,
  ...how
}: BoxOptions) {
  const port = await freePort()
  const httpsPort = await freePort()
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'balai.toml')
  const files = Object.entries(certificates ?? {}).map(([name, path]) => `${name} = "${path}"\n`)
  const mqtt = brokerUrl ? `[mqtt]\nurl = "${brokerUrl}"\nkeepalive_s = ${keepaliveS}\n${files.join('')}` : ''
  writeFileSync(
    file,
    `village = "${village}"\nname = "Desa Uji"\ndistrict = "Uji"\nzone = "WIB"\ndata = "${folder}"\nlog = "warn"\n` +
      (hubKey ? `hub_key = "${hubKey}"\n` : '') +
      `[lan]\nhost = "127.0.0.1"\nhttp_port = ${port}\nhttps_port = ${httpsPort}\n${mqtt}${withoutFlows}`,
  )
  const url = `http://127.0.0.1:${port}`
  return startBoxWith(file, url, '/metrics', how)
}

/** A box by a balai.toml of the caller's; it is ready when `path` of its address answers. */
export async function startBoxWith(
  config: string,
  url: string,
  path: string,
  { under = [], nodeArgs = [], program }: Pick<BoxOptions, 'under' | 'nodeArgs' | 'program'> = {},
) {
  const run = program ? [program] : [process.execPath, ...nodeArgs, cli]
  const [command = '', ...args] = [...under, ...run, 'serve', '--config', config]
  const isReady = async () => {
    const answer = await fetch(url + path)
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}.`)
    return answer.text()
  }
  const server = await startServer({ command, args, folder: dirname(config), user: {}, stopSignal: 'SIGTERM', isReady })
  return { ...server, url, config }
}

type HubOptions = {
  folder: string
  brokerUrl: string
  postgresUrl: string
  clientId?: string
  villages?: readonly string[]
  /** Further lines of `[mqtt]` in hub.toml, and tables behind it. */
  more?: string
}

/** A regency's hub. */
export async function startHub({
  folder,
  brokerUrl,
  postgresUrl,
  clientId = 'hub-1',
  villages = [],
  more = '',
}: HubOptions) {
  const port = await freePort()
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'hub.toml')
  const rows = villages.map((village) => `${village},desa,Uji ${village.slice(-4)},${village.slice(0, 6)},Uji`)
  writeFileSync(join(folder, 'villages.csv'), ['code,kind,name,district_code,district', ...rows, ''].join('\n'))
  writeFileSync(
    file,
    `name = "Kabupaten Uji"\ndata = "${join(folder, 'data')}"\nvillages = "villages.csv"\nlog = "warn"\n` +
      `[mqtt]\nurl = "${brokerUrl}"\nclient_id = "${clientId}"\n${more}[postgres]\nurl = "${postgresUrl}"\n[console]\nport = ${port}\n`,
  )
  return startHubWith(file, `http://127.0.0.1:${port}`)
}

/** A hub by a hub.toml of the caller's, with the address of its console; by HTTPS it is ready when its port answers. */
export async function startHubWith(config: string, url: string) {
  const server = await startServer({
    command: process.execPath,
    args: [cli, 'hub', '--config', config],
    folder: dirname(config),
    user: {},
    stopSignal: 'SIGTERM',
    isReady: () => (url.startsWith('https:') ? reach(Number(new URL(url).port)) : fetch(`${url}/metrics`)),
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
