import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import type { Logger } from 'pino'
import { unpackText } from '../appliance/wire/frame.ts'
import { publicKeyOf, readPrivateKey } from '../appliance/wire/sign.ts'
import type { HubConfig } from '../regency/base/config.ts'
import { openHub } from '../regency/hub.ts'
import { makeTestFolder, openTestDatabase, quiet, until } from './hub-parts.ts'
import { startMosquitto } from './servers.ts'
import { openTestBox } from './test-box.ts'

/* A real broker, a real PostgreSQL, and hubs and boxes that meet there. For tests only. */

/** By which these hubs sign: the seed of RFC 8032, section 7.1, test 1. */
export const hubSeed = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`
export const hubPublicKey = publicKeyOf(readPrivateKey(hubSeed))

export type HubAndBoxes = Awaited<ReturnType<typeof openHubAndBoxes>>

/** Hubs of these villages and their boxes; `closeOpened` after each test, `close` after the last. */
export async function openHubAndBoxes(name: string, villages: readonly string[]) {
  const broker = await startMosquitto()
  const opened = await openTestDatabase()
  const { folder, remove } = makeTestFolder(name)
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'data', 'hub-key.pem'), hubSeed, { mode: 0o600 })
  const rows = villages.map((village) => `${village},desa,Uji,${village.slice(0, 6)},Uji`)
  writeFileSync(join(folder, 'villages.csv'), ['code,kind,name,district_code,district', ...rows].join('\n'))
  const closers: (() => unknown)[] = []
  const onClose = (close: () => unknown) => closers.push(close)

  return {
    broker,
    folder,
    database: opened.database,
    postgresUrl: opened.server.url,
    onClose,
    /** All that passes the broker from here on, topic and payload as text, unpacked where it was packed. */
    async hearAll(): Promise<readonly string[]> {
      const heard: string[] = []
      const ear = await connectAsync(broker.url)
      onClose(() => ear.endAsync())
      ear.on('message', (topic, payload) => heard.push(`${topic} ${readable(payload)}`))
      await ear.subscribeAsync('#')
      return heard
    },
    /** A hub that its brokers have let in: the one of this place, or these. */
    async openReadyHub([url = broker.url, ...others]: readonly string[] = [], log: Logger = quiet) {
      const config: HubConfig = {
        ...{ name: 'Kabupaten Uji', zone: 'Asia/Jakarta', data: join(folder, 'data') },
        ...{ villages: join(folder, 'villages.csv'), log: 'silent' as const },
        mqtt: { url, other_urls: others, client_id: 'hub' },
        postgres: { url: opened.server.url, pool: 2 },
        console: { host: '127.0.0.1', port: 0 },
      }
      const hub = await openHub(config, { log })
      onClose(hub.close)
      await until(() => hub.linkState() === 'connected')
      return hub
    },
    async openOffice(
      village: string,
      {
        brokers: [url = broker.url, ...others] = [],
        ...more
      }: Parameters<typeof openTestBox>[0] & { brokers?: readonly string[] } = {},
    ) {
      const mqtt = { url, fallback_urls: others, keepalive_s: 30 }
      const box = await openTestBox({ village, hubKey: hubPublicKey, mqtt, ...more })
      onClose(box.close)
      return box
    },
    /** What the fleet tool does for a new box: the next one that says hello is the village's. */
    async freeVillage(village: string): Promise<void> {
      await opened.database.query('UPDATE stream SET owner = NULL WHERE village = $1', [village])
      await opened.database.query('DELETE FROM signing_key WHERE village = $1', [village])
    },
    async closeOpened(): Promise<void> {
      for (const close of closers.splice(0).reverse()) await close()
    },
    async close(): Promise<void> {
      await opened.close()
      await broker.stop()
      remove()
    },
  }
}

function readable(payload: Buffer): string {
  try {
    return unpackText(payload).toString()
  } catch {
    return payload.toString('latin1')
  }
}
