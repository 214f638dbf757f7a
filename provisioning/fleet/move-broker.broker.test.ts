import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'smol-toml'
import { expect, test } from 'vitest'
import { hourMs } from '../../appliance/base/time.ts'
import { readBoxConfig } from '../../appliance/config.ts'
import { adopt } from '../../appliance/enrolment/membership.ts'
import { openBox } from '../../appliance/open-box.ts'
import { readEnrolment } from '../../appliance/wire/enrolment.ts'
import { hubItself } from '../../regency/base/audit.ts'
import { readHubConfig } from '../../regency/base/config.ts'
import { giveCommand } from '../../regency/commands/giving.ts'
import { openHub } from '../../regency/hub.ts'
import { startFleetBroker } from '../../testing/fleet-broker.ts'
import { quiet, until } from '../../testing/hub-parts.ts'
import { freePort } from '../../testing/servers.ts'
import { openTestRegency } from '../../testing/test-regency.ts'

test('SYNC-018: an enrolled box moves by its certificate to a second broker with the files of the fleet folder, and lives there', async () => {
  const regency = await openTestRegency({ offices: 1 })
  const closers: (() => unknown)[] = [regency.close]
  try {
    const [port, enrolPort] = [await freePort(), await freePort()]
    const second = await startFleetBroker(regency.made, { port, enrolPort })
    closers.push(second.stop)
    const fresh = `mqtts://127.0.0.1:${port}`
    const hubConfig = readHubConfig(regency.hubConfig)
    const hub = await openHub({ ...hubConfig, mqtt: { ...hubConfig.mqtt, other_urls: [fresh] } }, { log: quiet })
    closers.push(hub.close)
    await until(() => hub.linkState() === 'connected')

    const { village, path } = await regency.bringFile(0)
    const data = mkdtempSync(join(regency.place, 'box-'))
    const { file } = readEnrolment(readFileSync(path, 'utf8'), Date.now())
    if (file) adopt(data, file)
    const toml = join(regency.place, 'balai.toml')
    const lan = { host: '127.0.0.1', http_port: 0, https_port: 0 }
    writeFileSync(toml, stringify({ data, enrolment_folders: [], lan, log: 'silent' }))
    const open = async () => {
      const box = await openBox(readBoxConfig(toml), { log: quiet, hardware: { serial: 'a', card: 'b' } })
      closers.push(box.close)
      return box
    }
    const box = await open()
    await until(() => box.relay.view().sentAsOf !== null)
    await hub.database.inTransaction((client) =>
      giveCommand(
        client,
        {
          ...{ command: { type: 'move-broker', data: { brokers: [fresh] } }, places: { villages: [village] } },
          ...{ expiresMs: hourMs, now: Date.now() },
        },
        hubItself,
      ),
    )
    await hub.lookAtCommands()
    await until(() => box.relay.technicianView().broker === fresh && box.relay.view().state === 'connected')
    await box.close()
    await regency.broker.kill()
    const again = await open()
    await until(() => again.relay.view().state === 'connected' && again.relay.view().waiting === 0)
    expect(again.relay.technicianView()).toMatchObject({ broker: fresh, fallback: null })
  } finally {
    for (const close of closers.reverse()) await close()
  }
}, 60_000)
