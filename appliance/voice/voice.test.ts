import { expect, test } from 'vitest'
import { by, furnish, openTestBox, type TestBox } from '../../testing/test-box.ts'

test('a display that takes the place of a removed one speaks in its stead', async () => {
  const box = await openTestBox()
  const { technician } = await furnish(box)
  const { devices, voice } = box
  const first = devices.pairHere('display', 'one')
  const second = devices.pairHere('display', 'two')
  expect(voice.view().speaker).toBe(first)
  devices.remove({ device: first, actor: technician, key: null })
  expect(voice.view().speaker).toBe(second)
  const third = devices.pairHere('display', 'three')
  expect(third).not.toBe(first)
  expect(voice.view().speaker).toBe(second)
  await box.remove()
})

test('the box itself, and nobody, stay chosen whichever displays there are', async () => {
  const box = await openTestBox()
  const { devices, voice } = box
  devices.pairHere('display', 'one')
  for (const speaker of ['box', 'off'] as const) {
    voice.changeSettings({ settings: { ...voice.settings(), speaker }, actor: 'box', key: null })
    expect(voice.view().speaker).toBe(speaker)
  }
  await box.remove()
})

/** A display as a browser opens it on the box itself: paired at once, with a stream that `close` ends. */
async function openDisplay(box: TestBox) {
  const url = `http://127.0.0.1:${box.http.port}`
  const headers = { 'x-balai': '1', 'content-type': 'application/json' }
  const answer = await fetch(`${url}/api/device`, { method: 'POST', headers, body: '{"kind":"display"}' })
  const { device } = (await answer.json()) as { device: string }
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const stop = new AbortController()
  await fetch(`${url}/live/display`, { headers: { cookie }, signal: stop.signal })
  const report = (canPlay: boolean) =>
    fetch(`${url}/api/device/sound`, {
      method: 'POST',
      headers: { ...headers, cookie },
      body: JSON.stringify({ canPlay }),
    })
  return { device, report, close: () => stop.abort() }
}
const isSilent = (box: TestBox) => box.alarms.list().some(({ code }) => code === 'voice.silent')
const nothing = () => {}

test('the first open display speaks, and the chosen one again once it is back', async () => {
  const box = await openTestBox()
  const first = await openDisplay(box)
  const second = await openDisplay(box)
  expect(box.voice.view().speaker).toBe(first.device)
  first.close()
  await expect.poll(() => box.live.has(first.device)).toBe(false)
  // A page that is loaded anew keeps its office; one that stays away has lost it.
  expect(box.voice.view().speaker).toBe(first.device)
  box.time.advance(6_000)
  expect(box.voice.view().speaker).toBe(second.device)
  expect(isSilent(box)).toBe(false)
  await box.remove()
})

test('a call that no display can speak raises the alarm until one is open, and a test call says that nobody sounded', async () => {
  const box = await openTestBox()
  const { services, clerks, counters } = await furnish(box)
  const display = await openDisplay(box)
  display.close()
  await expect.poll(() => box.live.has(display.device)).toBe(false)
  box.time.advance(6_000)
  expect(isSilent(box)).toBe(false) // a television is off at night, and nobody is called
  expect(await box.voice.tryCall('Loket 1', nothing)).toEqual({ speaker: null, heard: false })
  box.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
  box.office.sit({ ...by(clerks[0]), counter: counters[0] })
  box.queue.callNext({ ...by(clerks[0]), counter: counters[0] })
  expect(isSilent(box)).toBe(true)
  const other = await openDisplay(box)
  await expect.poll(() => isSilent(box)).toBe(false)
  await other.report(false)
  expect([isSilent(box), box.voice.heard()]).toEqual([true, false])
  other.close()
  await expect.poll(() => box.voice.heard()).toBe(null)
  await box.remove()
})
