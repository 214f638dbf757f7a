import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { measure } from '../../testing/measure.ts'
import { by, testPin } from '../../testing/test-box.ts'

/* The head's live view of all counters, and helping at one without leaving it. */

let place: BrowserOffice
beforeAll(async () => {
  place = await openBrowserOffice()
  const { technician } = place.office()
  const add = { as: 'technician', pin: testPin, actor: technician, key: null } as const
  await place.box.people.addAccount({ ...add, name: 'Kepala', role: 'head' })
})
afterAll(() => place?.close())

test('a head sees every counter live, takes an empty seat, calls, serves and leaves it, all on one page', async () => {
  const { box, open } = place
  const { clerks, counters, services } = place.office()
  for (let i = 0; i < 3; i++) box.queue.takeTicket({ service: services[0], actor: 'kiosk:1', key: null })
  const page = await open('/today')
  await logIn(page, 'Kepala')
  const row = (name: string) => page.locator('.counters-now .seats > li', { hasText: name }).first()
  await shows(page, 'Loket sekarang')
  await row('Loket 1').getByText('kosong').waitFor()
  await page.locator('.letters li', { hasText: 'KTP' }).getByText('3', { exact: true }).waitFor()

  box.office.sit({ ...by(clerks[0]), counter: counters[0] })
  const { ticket } = box.queue.callNext({ ...by(clerks[0]), counter: counters[0] })
  await row('Loket 1').getByText('A001').waitFor()
  await row('Loket 1').getByText('Petugas 1').waitFor()
  expect(await row('Loket 1').getByRole('button').count()).toBe(0)
  box.queue.answerCall({ ticket, answer: 'coming', actor: 'phone', key: null })
  await row('Loket 1')
    .getByText(/Sedang ke sini/)
    .waitFor()

  const press = (name: string) => row('Loket 2').getByRole('button', { name }).click()
  await press('Bantu di sini')
  await row('Loket 2').getByText('Kepala').waitFor()
  await press('Panggil berikutnya')
  await row('Loket 2').getByText('A002').waitFor()
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'today-counters', [
    { width: 1280, height: 1024 },
    { width: 1366, height: 641 },
  ])
  await page.setViewportSize({ width: 360, height: 740 })
  expect((await measure(page, 'phone')).filter((line) => /scroll|wide|sideways/.test(line))).toEqual([])
  await press('Mulai layani')
  await press('Selesai')
  await row('Loket 2').getByRole('button', { name: 'Panggil berikutnya' }).waitFor()
  expect(box.queue.ended(box.queue.day() ?? '', 5)).toMatchObject([{ label: 'A002', state: 'completed' }])
  await press('Tinggalkan loket')
  await row('Loket 2').getByText('kosong').waitFor()
  expect(place.faults).toEqual([])
}, 120_000)

test('a clerk is not shown it, and who is there first keeps the number', async () => {
  const answer = await fetch(`${place.url}/api/live/counters`)
  expect(answer.status).toBe(401)
  const { box } = place
  const [counter] = place.office().counters
  const head = box.people.accounts().find(({ name }) => name === 'Kepala')?.account ?? ''
  expect(() => box.office.sit({ ...by(head), counter })).toThrow(/has A001/)
})
