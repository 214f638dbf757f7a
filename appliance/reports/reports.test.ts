import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { by, furnish, openTestBox, type TestBox, testPin } from '../../testing/test-box.ts'
import { periodBefore } from './reports.ts'

/* Two office days with a known past, and what is reported of them. */

const minute = 60_000
let box: TestBox
let office: Awaited<ReturnType<typeof furnish>>

beforeAll(async () => {
  box = await openTestBox()
  office = await furnish(box)
  const head = { as: 'technician', name: 'Rina, "Bu Kades"', role: 'head', pin: testPin } as const
  await box.people.addAccount({ ...head, actor: office.technician, key: null })
  playDay([4, 10])
  box.time.setWall(Date.UTC(2026, 10, 24, 1, 0))
  box.lookAtDay()
  playDay([6, 8, 20])
})
afterAll(() => box?.remove())

/** Everybody comes at once; each is served for so many minutes, one after another. One more leaves, one does not come. */
function playDay(minutes: readonly number[]): void {
  const { queue, time } = box
  const [clerk] = office.clerks
  const [counter] = office.counters
  const [ktp, akta] = office.services
  box.office.sit({ ...by(clerk), counter })
  const taken = minutes.map(() => queue.takeTicket({ service: ktp, ...by(clerk) }))
  const left = queue.takeTicket({ service: akta, ...by(clerk) })
  for (const duration of minutes) {
    const { ticket } = queue.callNext({ ...by(clerk), counter })
    queue.start({ ...by(clerk), ticket })
    time.advance(duration * minute)
    queue.complete({ ...by(clerk), ticket, result: 'done' })
  }
  queue.cancel({ ticket: left.ticket, actor: 'phone', key: null, reason: 'cancelled' })
  const [first] = taken
  if (first) box.survey.answerSurvey({ ticket: first.ticket, answers: { time: 3, behaviour: 4 }, actor: 'phone' })
}

const bothDays = { from: '2026-11-23', to: '2026-11-24' }

test('a report counts every ticket of its days, by service, counter, hour and day', () => {
  const report = box.reports.report(bothDays)
  expect(report.total).toMatchObject({ taken: 7, served: 5, missed: 0, cancelled: 2, closed: 0 })
  expect(report.total.service).toEqual({ count: 5, p50: 8, p90: 20 })
  expect(report.total.wait).toEqual({ count: 5, p50: 4, p90: 14 })
  expect(report.services.map(({ name, taken, served }) => [name, taken, served])).toEqual([
    ['A KTP', 5, 5],
    ['B Akta kelahiran', 2, 0],
  ])
  expect(report.counters.map(({ name, served }) => [name, served])).toEqual([['Loket 1', 5]])
  expect(report.hours.map(({ name, taken }) => [name, taken])).toEqual([['08', 7]])
  expect(report.days.map(({ name, taken }) => [name, taken])).toEqual([
    ['2026-11-23', 3],
    ['2026-11-24', 4],
  ])
  expect(report.survey).toMatchObject({
    respondents: 2,
    served: 5,
    needed: 5,
    means: { time: 3, behaviour: 4, cost: null },
  })
})

test('a report of one day knows nothing of the other', () => {
  expect(box.reports.report({ from: '2026-11-24', to: '2026-11-24' }).total).toMatchObject({ taken: 4, served: 3 })
  expect(box.reports.report({ from: '2026-11-01', to: '2026-11-23' }).total).toMatchObject({ taken: 3, served: 2 })
  expect(box.reports.report({ from: '2025-01-01', to: '2025-01-31' }).total).toMatchObject({ taken: 0 })
})

test.each([
  [
    { from: '2026-11-01', to: '2026-11-30' },
    { from: '2026-10-01', to: '2026-10-31' },
  ],
  [
    { from: '2026-03-01', to: '2026-03-31' },
    { from: '2026-02-01', to: '2026-02-28' },
  ],
  [
    { from: '2026-11-24', to: '2026-11-24' },
    { from: '2026-11-23', to: '2026-11-23' },
  ],
  [
    { from: '2026-11-23', to: '2026-11-29' },
    { from: '2026-11-16', to: '2026-11-22' },
  ],
])('%o is compared with %o', (period, before) => expect(periodBefore(period)).toEqual(before))

test('a period is compared with the one before, where somebody came in it', () => {
  const second = box.reports.report({ from: '2026-11-24', to: '2026-11-24' })
  expect(second.before).toMatchObject({ from: '2026-11-23', total: { taken: 3, served: 2 } })
  expect(box.reports.report({ from: '2026-11-01', to: '2026-11-30' }).before).toBeNull()
})

test.each([
  { from: '2026-11-24', to: '2026-11-23' },
  { from: '2025-01-01', to: '2026-11-24' },
])('$from to $to is no period', (period) => {
  expect(() => box.reports.report(period)).toThrow('A period has 1 to 366 days')
})

test('today is the day that is on, beside the weeks before', () => {
  const today = box.reports.today()
  expect(today).toMatchObject({
    day: '2026-11-24',
    total: { taken: 4, served: 3, cancelled: 1 },
    waiting: 0,
    longest: null,
    usualServiceMinutes: 4,
    hours: [{ hour: 8, taken: 4, served: 3 }],
    survey: { month: '2026-11', respondents: 2 },
  })
  const waiting = box.queue.takeTicket({ service: office.services[0], ...by(office.clerks[0]) })
  box.time.advance(5 * minute)
  expect(box.reports.today()).toMatchObject({ waiting: 1, longest: { number: waiting.label, minutes: 5 } })
  box.queue.cancel({ ticket: waiting.ticket, actor: 'phone', key: null, reason: 'voided', why: 'left' })
})

describe('questionnaires on paper', () => {
  const enter = (day: string, key: string) =>
    box.survey.enterSurvey({
      ...by(office.clerks[0]),
      key,
      service: office.services[0],
      day,
      answers: { time: 4, cost: 2 },
    })
  const respondents = (from: string, to: string) => box.reports.report({ from, to }).survey.respondents

  test('each counts once, on the day on which it was filled in', () => {
    const before = respondents('2026-11-01', '2026-11-30')
    enter('2026-11-20', 'paperpaper01')
    enter('2026-11-20', 'paperpaper01')
    expect(respondents('2026-11-20', '2026-11-20')).toBe(1)
    expect(respondents('2026-11-01', '2026-11-30')).toBe(before + 1)
    expect(box.reports.report({ from: '2026-11-20', to: '2026-11-20' }).survey.means).toMatchObject({
      time: 4,
      cost: 2,
    })
  })

  test.each(['2026-11-25', '2025-11-22'])('a sheet of %s was mistyped', (day) => {
    expect(() => enter(day, 'paperpaper02')).toThrow('is not a day of the last year')
  })
})

describe('by HTTP', () => {
  const query = 'from=2026-11-23&to=2026-11-24'
  async function logIn(name: string): Promise<string> {
    const account = box.people.accounts().find((one) => one.name === name)?.account
    const answer = await box.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { 'x-balai': '1' },
      payload: { account, pin: testPin },
    })
    const [cookie] = answer.cookies
    return `${cookie?.name}=${cookie?.value}`
  }
  const get = async (path: string, name: string) =>
    box.app.inject({ url: path, headers: { cookie: await logIn(name) } })

  test('the sheets open in a spreadsheet as they are: marked UTF-8, semicolons, decimal commas', async () => {
    const figures = await get(`/api/reports/figures.csv?${query}`, 'Rina, "Bu Kades"')
    const lines = figures.body.split('\r\n')
    expect(figures.headers['content-disposition']).toBe(
      'attachment; filename="ringkasan-3510242008-2026-11-23-2026-11-24.csv"',
    )
    expect(lines[0]).toMatch(/^\uFEFFKelompok;Nama;Datang;Dilayani;/)
    expect(lines[1]).toBe('Seluruhnya;2026-11-23 – 2026-11-24;8;5;0;3;0;4;14;8;20')
    expect(lines[2]).toBe('Per layanan;A KTP;6;5;0;1;0;4;14;8;20')
    const tickets = await get(`/api/reports/tickets.csv?${query}&language=en`, 'Teknisi')
    expect(tickets.body.split('\r\n').slice(1, 3)).toEqual([
      '2026-11-23;A001;KTP;Loket 1;completed;08:00:00;08:00:00;08:00:00;08:04:00;0;4',
      '2026-11-23;A002;KTP;Loket 1;completed;08:00:00;08:04:00;08:04:00;08:14:00;4;10',
    ])
  })

  test('an empty questionnaire is a PDF of one page', async () => {
    const answer = await get('/api/reports/questionnaire.pdf', 'Rina, "Bu Kades"')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['content-disposition']).toBe('attachment; filename="kuesioner-3510242008.pdf"')
    expect(answer.rawPayload.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1)
  })

  test('the letter is a PDF', async () => {
    const letter = await get(`/api/reports/report.pdf?${query}`, 'Teknisi')
    expect(letter.headers['content-type']).toBe('application/pdf')
    expect(letter.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')
    expect(letter.rawPayload.length).toBeGreaterThan(10_000)
  })

  test('what visitors say of themselves and in their own words is private, and stands in the report of the survey', async () => {
    const cookie = await logIn('Rina, "Bu Kades"')
    const send = (payload: object) =>
      box.app.inject({ method: 'POST', url: '/api/surveys', headers: { cookie, 'x-balai': '1' }, payload })
    const sheet = { service: office.services[0], day: '2026-11-19', answers: { time: 1, cost: 4 } }
    const respondent = { age: '60-up', sex: 'female', schooling: 'sd', work: 'farmer-fisher' }
    const suggestion = ' Kursi tunggu\u200b ditambah,\r\nterima kasih. '
    expect((await send({ ...sheet, respondent, suggestion, key: 'saidsaidsa01' })).statusCode).toBe(200)
    expect((await send({ ...sheet, respondent, suggestion, key: 'saidsaidsa01' })).statusCode).toBe(200)
    expect(
      (await send({ ...sheet, respondent: { sex: 'male' }, suggestion: ' ', key: 'saidsaidsa02' })).statusCode,
    ).toBe(200)
    expect((await send({ ...sheet, respondent: { age: '17' }, key: 'saidsaidsa03' })).statusCode).toBe(400)
    expect((await send({ ...sheet, suggestion: 'x'.repeat(501), key: 'saidsaidsa04' })).statusCode).toBe(400)

    const that = 'from=2026-11-19&to=2026-11-19'
    const report = await get(`/api/reports?${that}`, 'Teknisi')
    expect(report.json().survey).toMatchObject({
      respondents: 2,
      suggestions: 1,
      services: [{ name: 'A KTP', respondents: 2, index: null }],
      respondentsBy: {
        age: { unsaid: 1, counts: { '60-up': 1, 'under-20': 0 } },
        sex: { unsaid: 0, counts: { male: 1, female: 1 } },
        work: { unsaid: 1, counts: { 'farmer-fisher': 1 } },
      },
    })
    expect(report.body).not.toContain('Kursi')
    const words = await get(`/api/reports/suggestions?${that}`, 'Rina, "Bu Kades"')
    expect(words.json()).toEqual([{ day: '2026-11-19', service: 'KTP', text: 'Kursi tunggu ditambah,\nterima kasih.' }])
    const letter = await get(`/api/reports/skm.pdf?${that}`, 'Rina, "Bu Kades"')
    expect(letter.headers['content-disposition']).toContain('laporan-skm-3510242008-2026-11-19-2026-11-19.pdf')
    expect(letter.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')
    for (const path of ['suggestions', 'skm.pdf'])
      expect((await get(`/api/reports/${path}?${that}`, 'Teknisi')).statusCode).toBe(403)

    const clear = box.store.db.prepare(`SELECT data FROM entry WHERE type = 'queue.survey-answered'`).pluck().all()
    expect(clear.join()).not.toMatch(/Kursi|female|60-up/)
    const table = box.store.db.prepare('SELECT * FROM survey').all()
    expect(JSON.stringify(table)).not.toMatch(/Kursi|female|60-up/)
  })

  test.each(['/api/reports', '/api/reports/figures.csv', '/api/reports/tickets.csv', '/api/reports/report.pdf'])(
    '%s is not for clerks, nor for anybody',
    async (path) => {
      expect((await get(`${path}?${query}`, 'Petugas 1')).statusCode).toBe(403)
      expect((await box.app.inject({ url: `${path}?${query}` })).statusCode).toBe(401)
    },
  )

  test('a date that is none is refused', async () => {
    expect((await get('/api/reports?from=2026-02-30&to=2026-13-01', 'Teknisi')).statusCode).toBe(400)
  })
})
