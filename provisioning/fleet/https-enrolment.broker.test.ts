import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'smol-toml'
import { expect, test } from 'vitest'
import { systemClock } from '../../appliance/base/clock.ts'
import { readBoxConfig } from '../../appliance/config.ts'
import { findEnrolmentFile } from '../../appliance/enrolment/find-file.ts'
import { adopt } from '../../appliance/enrolment/membership.ts'
import { type Box, openBox } from '../../appliance/open-box.ts'
import { readHubConfig } from '../../regency/base/config.ts'
import { openHub } from '../../regency/hub.ts'
import { quiet, until } from '../../testing/hub-parts.ts'
import { openTestRegency } from '../../testing/test-regency.ts'

const isSent = ({ relay }: Box) => {
  const { state, waiting, sentAsOf } = relay.view()
  return state === 'connected' && waiting === 0 && sentAsOf !== null
}

test('SYNC-023: an office whose network lets no MQTT through is enrolled by HTTPS, works by it, and goes back to the broker', async () => {
  const regency = await openTestRegency({ offices: 1, https: true })
  const hub = await openHub(readHubConfig(regency.hubConfig), { log: quiet })
  await until(() => hub.linkState() === 'connected')
  const { village, stick } = await regency.bringFile(0)
  const data = regency.newFolder()
  const toml = join(regency.place, 'balai.toml')
  const lan = { host: '127.0.0.1', http_port: 0, https_port: 0 }
  writeFileSync(toml, stringify({ data, enrolment_folders: [stick], lan, log: 'silent' }))
  const found = findEnrolmentFile([stick], { member: null, village: null, certain: regency.now })
  if (!found?.file) throw new TypeError('There is no file.')
  adopt(data, found.file)
  const start = () =>
    openBox(readBoxConfig(toml), {
      ...{ log: quiet, hardware: { serial: 'uji', card: 'uji' }, system: systemClock },
      enrolmentPath: found.path,
    })
  const countOf = async (table: string) =>
    (await hub.database.query(`SELECT FROM ${table} WHERE village = $1`, [village])).rows.length
  try {
    await regency.broker.kill()
    const box = await start()
    await until(() => isSent(box), 60_000)
    expect(box.enrolment()).toMatchObject({ state: 'enrolled', trouble: null })
    expect(box.relay.technicianView().broker).toBe(`https://127.0.0.1:${regency.ports.https_port}`)
    expect(await countOf('certificate')).toBe(1)
    expect(await countOf('entry')).toBeGreaterThan(0)
    await box.close()

    await regency.broker.restart()
    // A start tries the first road first.
    const again = await start()
    await until(() => isSent(again), 60_000)
    expect(again.relay.technicianView().broker).toBe(`mqtts://127.0.0.1:${regency.ports.broker_port}`)
    await again.close()
  } finally {
    await hub.close()
    await regency.close()
  }
}, 150_000)
