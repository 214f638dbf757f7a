import { afterAll, beforeAll, expect, test } from 'vitest'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { by } from '../../testing/test-box.ts'

/* The survey on the kiosk: by whoever was just served, one question a screen, once. */

const portrait = [
  { width: 1080, height: 1920 },
  { width: 683, height: 320 },
]
/** What is pressed: the best answer to each question, the last one but good. */
const best = [
  ...['Sangat sesuai', 'Sangat mudah', 'Sangat cepat', 'Sangat wajar', 'Sangat sesuai', 'Sangat kompeten'],
  ...['Sangat sopan', 'Ditangani dengan baik', 'Baik'],
]
let place: BrowserOffice

beforeAll(async () => {
  place = await openBrowserOffice()
})
afterAll(() => place?.close())

/** Takes, calls and serves so many tickets at counter 1; answers their numbers. */
function serve(count: number): string[] {
  const { box } = place
  const { services, clerks, counters } = place.office()
  const [clerk] = clerks
  const [counter] = counters
  box.office.sit({ ...by(clerk), counter })
  return Array.from({ length: count }, () => {
    box.queue.takeTicket({ service: services[0], ...by(clerk) })
    const { ticket, label } = box.queue.callNext({ ...by(clerk), counter })
    box.queue.start({ ...by(clerk), ticket })
    box.queue.complete({ ...by(clerk), ticket, result: 'done' })
    return label
  })
}

test('a visitor picks the own number, answers nine questions, and nobody can answer for it again', async () => {
  const { box, open } = place
  const kiosk = await open('/kiosk')
  await shows(kiosk, 'Mau mengurus apa hari ini?')
  expect(await kiosk.getByRole('button', { name: /Nilai pelayanan/ }).count()).toBe(0)
  expect(serve(3)).toEqual(['A001', 'A002', 'A003'])
  await kiosk.getByRole('button', { name: /Nilai pelayanan/ }).waitFor()
  await takePictures(kiosk, 'kiosk-with-rating', portrait)
  await kiosk.getByRole('button', { name: /Nilai pelayanan/ }).click()
  await shows(kiosk, 'Nomor Anda yang tadi?')
  expect(await findViolations(kiosk)).toEqual([])
  await takePictures(kiosk, 'kiosk-rate-which', portrait)
  await kiosk.getByRole('button', { name: 'A002' }).click()
  await shows(kiosk, '1 dari 9')
  await kiosk.getByRole('button', { name: 'Tidak sesuai' }).click()
  await shows(kiosk, '2 dari 9')
  await kiosk.getByRole('button', { name: 'Sebelumnya' }).click()
  await shows(kiosk, '1 dari 9')
  for (let question = 1; question <= 9; question++) {
    await shows(kiosk, `${question} dari 9`)
    if (question === 3) {
      expect(await findViolations(kiosk)).toEqual([])
      await takePictures(kiosk, 'kiosk-rate-question', portrait)
    }
    await kiosk.getByRole('button', { name: best[question - 1] ?? '', exact: true }).click()
  }
  await shows(kiosk, 'Berapa usia Anda?')
  expect(await findViolations(kiosk)).toEqual([])
  await takePictures(kiosk, 'kiosk-rate-age', portrait)
  await kiosk.getByRole('button', { name: '60 ke atas' }).click()
  await kiosk.getByRole('button', { name: 'Perempuan' }).click()
  await shows(kiosk, 'Apa pendidikan terakhir Anda?')
  await kiosk.getByRole('button', { name: 'Lewati' }).click()
  await takePictures(kiosk, 'kiosk-rate-work', portrait)
  await kiosk.getByRole('button', { name: 'Petani, nelayan' }).click()
  await shows(kiosk, 'Apa yang sebaiknya kami perbaiki?')
  for (const letter of ['k', 'u', 'r', 's', 'i', 'x'])
    await kiosk.getByRole('button', { name: letter, exact: true }).click()
  await kiosk.getByRole('button', { name: 'Hapus huruf' }).click()
  await kiosk.keyboard.type(' ditambah')
  expect(await kiosk.getByRole('textbox').inputValue()).toBe('Kursi ditambah')
  expect(await findViolations(kiosk)).toEqual([])
  await takePictures(kiosk, 'kiosk-rate-suggestion', portrait)
  await kiosk.getByRole('button', { name: 'Kirim', exact: true }).click()
  await shows(kiosk, 'Terima kasih atas penilaian Anda.')
  const day = box.queue.day() ?? ''
  expect(box.survey.questionnaires({ from: day, to: day })).toMatchObject([
    { respondent: { age: '60-up', sex: 'female', work: 'farmer-fisher' }, suggestion: 'Kursi ditambah' },
  ])
  expect(box.reports.today().survey).toMatchObject({ respondents: 1, served: 3, needed: 3, grade: 'A' })
  await shows(kiosk, 'Mau mengurus apa hari ini?')
  await kiosk.getByRole('button', { name: /Nilai pelayanan/ }).click()
  await shows(kiosk, 'Nomor Anda yang tadi?')
  expect(await kiosk.locator('.numbers button').allTextContents()).toEqual(['A003', 'A001'])
})

test('whoever leaves in the middle has answered what was answered, and the kiosk is free again', async () => {
  const { box, open } = place
  const kiosk = await open('/kiosk')
  await kiosk.getByRole('button', { name: /Nilai pelayanan/ }).click()
  await kiosk.getByRole('button', { name: 'A001' }).click()
  await kiosk.getByRole('button', { name: 'Sangat sesuai' }).click()
  await shows(kiosk, '2 dari 9')
  await kiosk.getByRole('button', { name: 'Cukup, kirim' }).click()
  await shows(kiosk, 'Mau mengurus apa hari ini?')
  expect(box.reports.today().survey.respondents).toBe(2)
  const entries = box.store.db.prepare(`SELECT data FROM entry WHERE type = 'queue.survey-answered'`).pluck().all()
  expect(entries.join()).not.toMatch(/A00|ticket/)
})

test('its words come when it is opened, in the language of this visitor, and go with them', async () => {
  const kiosk = await place.open('/kiosk')
  await kiosk.getByRole('button', { name: 'English' }).click()
  await kiosk.getByRole('button', { name: 'Rate the service' }).click()
  await kiosk.getByRole('button', { name: 'A003' }).click()
  await kiosk.getByRole('button', { name: 'Exactly as announced' }).click()
  await kiosk.getByRole('button', { name: 'Enough, send' }).click()
  await shows(kiosk, 'Mau mengurus apa hari ini?')
  expect(place.faults).toEqual([])
})
