import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { openBrowser, takePictures, wholeChromium } from '../testing/browser.ts'
import { shows } from '../testing/browser-office.ts'
import { mayMount } from '../testing/debian-root.ts'
import { freePort } from '../testing/servers.ts'
import { furnish, openTestBox, testVillage } from '../testing/test-box.ts'

/* What the attached screen shows, in a real browser. cage and the screen itself are hardware: `chromium` only waits here. */

const root = join(import.meta.dirname, '..')
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** The script of the attached screen, around a browser that only waits; answers its folder and the box’s port. */
async function startScreen() {
  const folder = mkdtempSync(join(tmpdir(), 'balai-screen-'))
  closers.push(() => rmSync(folder, { recursive: true, force: true }))
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  writeFileSync(join(bin, 'chromium'), '#!/bin/sh\nexec sleep 120\n', { mode: 0o755 })
  const program = `#!/bin/sh\nexec ${process.execPath} ${join(root, 'appliance', 'balai.js')} "$@"\n`
  writeFileSync(join(bin, 'balai'), program, { mode: 0o755 })
  const http = await freePort()
  const script = spawn(join(root, 'provisioning', 'debian', 'usr', 'lib', 'balai', 'screen'), [], {
    cwd: folder,
    env: { PATH: `${bin}:/usr/bin:/bin`, RUNTIME_DIRECTORY: folder, BALAI_PORT: String(http), BALAI_PAGE: 'display' },
    stdio: 'ignore',
    detached: true,
  })
  // The script and what it started, by their own group.
  closers.push(() => script.pid && process.kill(-script.pid, 'SIGTERM'))
  const status = join(folder, 'status.html')
  await vi.waitFor(() => expect(existsSync(status)).toBe(true), { timeout: 20_000 })
  return { folder, status, http }
}

test('the screen says in words what is wrong until the box answers, then how to set it up, then it is the display, paired by itself', async () => {
  const { status, http } = await startScreen()

  const browser = await openBrowser(wholeChromium)
  closers.push(() => browser.close())
  const page = await browser.newPage()
  await page.goto(`file://${status}`)
  await shows(page, 'Balai belum siap')
  await shows(page, /Perangkat Balai ini belum diatur/)
  await takePictures(page, 'screen-waits')

  const box = await openTestBox({ ports: { http, https: 0 } })
  closers.push(box.remove)
  await page.waitForURL(`http://127.0.0.1:${http}/display`, { timeout: 40_000 })
  await shows(page, 'Siapkan kantor ini dari ponsel')
  expect(box.devices.list()).toEqual([])
  await furnish(box)
  await shows(page, 'Desa Tamansari')
  expect(box.devices.list().map(({ device }) => device)).toEqual(['display:1'])
}, 120_000)

test('a file that was brought and is not taken says why on the screen of a box that runs', async () => {
  const { folder, status, http } = await startScreen()
  const lan = `[lan]\nhost = "127.0.0.1"\nhttp_port = ${http}\nhttps_port = 0\n`
  const office = `village = "${testVillage}"\nname = "Desa Tamansari"\ndistrict = "Licin"\nzone = "WIB"\ndata = "data"\n`
  writeFileSync(join(folder, 'balai.toml'), `${office}${lan}`)
  const box = await openTestBox({ ports: { http, https: 0 }, fileTrouble: 'older' })
  closers.push(box.remove)
  const browser = await openBrowser(wholeChromium)
  closers.push(() => browser.close())
  const page = await browser.newPage()
  await page.goto(`file://${status}`)
  await shows(page, /Pendaftaran: Berkas pendaftaran ini lebih lama daripada yang sudah dipakai/)
  await shows(page, 'Kantor tetap berjalan seperti biasa')
  await takePictures(page, 'screen-file-not-taken')
}, 120_000)

test('each flag of the screen’s browser is one that the browser knows', () => {
  const screen = readFileSync(join(root, 'provisioning', 'debian', 'usr', 'lib', 'balai', 'screen'), 'utf8')
  const command = screen.slice(screen.indexOf('exec chromium'), screen.indexOf('"file://$status"'))
  const flags = [...command.matchAll(/--([a-z-]+)/g)].map(([, flag]) => flag ?? '')
  const program = readFileSync('/usr/lib/chromium/chromium')
  expect(flags).toContain('kiosk')
  expect(flags.filter((flag) => !program.includes(`\0${flag}\0`))).toEqual([])
})

const policies = join(root, 'provisioning', 'debian', 'usr', 'share', 'balai', 'box', 'etc', 'chromium', 'policies')

/** Each policy as `chrome://policy` lists it: name, value, and what the browser says of it. Runs in the page. */
const listPolicies = `(() => {
  const rows = []
  const walk = (node) => {
    if (node.localName === 'policy-row') {
      const text = (part) => node.shadowRoot.querySelector(part)?.textContent.trim() ?? ''
      if (!node.shadowRoot.querySelector('.policy.row')?.hidden) rows.push([text('.name'), text('.value'), text('.messages')])
    }
    for (const child of [...(node.shadowRoot?.children ?? []), ...node.children]) walk(child)
  }
  walk(document.documentElement)
  return rows
})()`

test.runIf(mayMount)(
  'the browser knows and follows every policy by which nothing of its own lies over the screen',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'balai-policies-'))
    closers.push(() => rmSync(folder, { recursive: true, force: true }))
    const start = join(folder, 'chromium')
    // The real browser, with the package's folder in the place that the browser looks at.
    const mount = `mkdir -p /etc/chromium && mount --bind '${dirname(policies)}' /etc/chromium && exec chromium "$@"`
    writeFileSync(start, `#!/bin/sh\nexec unshare --mount sh -ec '${mount.replaceAll("'", `'"'"'`)}' chromium "$@"\n`, {
      mode: 0o755,
    })
    const browser = await openBrowser(start)
    closers.push(() => browser.close())
    const page = await browser.newPage()
    await page.goto('chrome://policy')
    const wanted = JSON.parse(readFileSync(join(policies, 'managed', 'balai.json'), 'utf8')) as Record<string, unknown>
    expect(wanted).toMatchObject({ TranslateEnabled: false })
    const listed = async () => {
      const rows = (await page.evaluate(listPolicies)) as [string, string, string][]
      return Object.fromEntries(
        rows
          .filter(([name]) => name in wanted)
          .map(([name, value, says]) => [name, says === 'OK' ? JSON.parse(value) : says]),
      )
    }
    await vi.waitFor(async () => expect(await listed()).toEqual(wanted), { timeout: 20_000 })
  },
)
