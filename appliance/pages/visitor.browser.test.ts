import { request } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { freePort } from '../../testing/servers.ts'
import { by } from '../../testing/test-box.ts'

/* What a phone gets that joined the box's own Wi-Fi. The radio is hardware: here its address is this machine's own. */

let place: BrowserOffice
let http: number
beforeEach(async () => {
  http = await freePort()
  const visitors = { address: '127.0.0.1', url: `http://127.0.0.1:${http}/visitor` }
  place = await openBrowserOffice({ box: { ports: { http, https: 0 }, visitors } })
})
afterEach(async () => {
  await place?.close()
})

const ask = (host: string, path: string, method = 'GET') =>
  new Promise<{ status: number | undefined; location: string | undefined }>((resolve, reject) => {
    request({ port: http, host: '127.0.0.1', path, method, headers: { host } }, (answer) => {
      answer.resume()
      resolve({ status: answer.statusCode, location: answer.headers.location })
    })
      .on('error', reject)
      .end()
  })

test.each([
  ['Android', 'connectivitycheck.gstatic.com', '/generate_204'],
  ['an iPhone', 'captive.apple.com', '/hotspot-detect.html'],
  ['Windows', 'www.msftconnecttest.com', '/connecttest.txt'],
  ['Firefox', 'detectportal.firefox.com', '/canonical.html'],
])('%s that asks whether there is internet is led to the page for visitors', async (_phone, host, path) => {
  expect(await ask(host, path)).toEqual({ status: 302, location: `http://127.0.0.1:${http}/visitor` })
})

test('R22: so is one that asks by HEAD', async () => {
  const probe = ask('connectivitycheck.gstatic.com', '/generate_204', 'HEAD')
  expect(await probe).toEqual({ status: 302, location: `http://127.0.0.1:${http}/visitor` })
})

test('the box’s own names and everything but reading stay as they are', async () => {
  expect((await ask(`127.0.0.1:${http}`, '/kiosk')).status).toBe(200)
  expect((await ask('evil.example', '/api/device', 'POST')).status).toBe(403)
})

test('a visitor sees who is called, the services, and what to bring', async () => {
  const { box, open } = place
  const page = await open('/visitor', { viewport: { width: 360, height: 740 } })
  await shows(page, 'Belum ada yang dipanggil.')
  const { services, counters, clerks } = place.office()
  const take = () => box.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
  take()
  take()
  box.office.sit({ counter: counters[0], ...by(clerks[0]) })
  box.queue.callNext({ counter: counters[0], ...by(clerks[0]) })
  await shows(page, 'A001')
  await shows(page, 'Loket 1')
  await shows(page, '1 orang menunggu')
  await page.locator('summary', { hasText: 'KTP' }).click()
  await shows(page, 'KTP lama')
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'visitor')
  expect(place.faults).toEqual([])
}, 60_000)
