import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'smol-toml'
import { afterAll, expect, test } from 'vitest'
import { issueEnrolments } from '../../provisioning/fleet/issue.ts'
import { until } from '../../testing/hub-parts.ts'
import { startBoxWith, withoutFlows } from '../../testing/programs.ts'
import { freePort } from '../../testing/servers.ts'
import { openTestFleet, testOffices } from '../../testing/test-fleet.ts'

/* The program on a card that has been written for no office in particular, as systemd starts it. */

const place = mkdtempSync(join(tmpdir(), 'balai-first-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))

test('a box without a village waits, takes the file that appears on a stick, opens the office, and does so at the next start by itself', async () => {
  const fleet = await openTestFleet({ now: Date.now() })
  await issueEnrolments(fleet.fleet, testOffices(1), { now: Date.now(), days: 30 })
  const stick = join(place, 'stick')
  mkdirSync(stick)
  const [http_port, https_port] = [await freePort(), await freePort()]
  const config = join(place, 'balai.toml')
  const lan = { host: '127.0.0.1', http_port, https_port }
  writeFileSync(config, stringify({ data: 'data', enrolment_folders: [stick], lan, log: 'warn' }) + withoutFlows)
  const url = `http://127.0.0.1:${http_port}`
  const box = await startBoxWith(config, url, '/api/waiting')
  try {
    expect(await (await fetch(`${url}/kiosk`)).text()).toContain('Menunggu pendaftaran')
    expect(await (await fetch(`${url}/api/waiting`)).json()).toEqual({ trouble: null })
    writeFileSync(join(stick, 'balai-enrol-3510242001.json'), fleet.read('villages/balai-enrol-3510242001.json'))
    const isOpen = async () => {
      const answer = await fetch(`${url}/api/session`).catch(() => null)
      return answer?.ok ? ((await answer.json()) as { office: { name: string } }).office.name : null
    }
    await until(async () => (await isOpen()) === 'Desa Desa 1', 30_000)
    await box.kill()
    const again = await startBoxWith(config, url, '/metrics')
    expect(await isOpen()).toBe('Desa Desa 1')
    await again.kill()
  } finally {
    await box.stop()
    fleet.remove()
  }
}, 90_000)
