import type { Page } from 'playwright-core'
import type { Kind } from '../../appliance/pages/measure.ts'
import { startFakePrinter } from '../../appliance/print/fake-printer.ts'
import type { Week } from '../../appliance/queue/hours.ts'
import { usualServices } from '../../appliance/queue/usual-services.ts'
import { by } from '../../appliance/test-box.ts'
import { longServices, manyServices, type Office, openOffice } from './offices.ts'

export type Scene = {
  name: string
  kind: Kind
  path: string
  /** What people did until the page looks like this. */
  steps?: (page: Page) => Promise<unknown>
}
/** One state of an office. `after` happens once its pages are open: a call, a cut. */
export type Stage = {
  name: string
  open(): Promise<Office & { scenes: Scene[]; after?: () => Promise<unknown> | unknown }>
}

const touch = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()
const day = [
  { from: 480, until: 720 },
  { from: 780, until: 930 },
]
const week: Week = [[], day, day, day, day, day, []]
const sizeable = 'Posyandu balita Rabu 25 November di balai dusun Krajan, pukul 08.00. Bawa buku KIA.'

export const stages: readonly Stage[] = [
  {
    name: 'empty',
    async open() {
      const office = await openOffice({ services: [], counters: [] })
      return {
        ...office,
        scenes: [
          { name: 'kiosk', kind: 'kiosk', path: '/kiosk' },
          { name: 'display', kind: 'display', path: '/display' },
          { name: 'visitor', kind: 'phone', path: '/visitor' },
          { name: 'book', kind: 'phone', path: '/book' },
        ],
      }
    },
  },
  {
    name: 'first',
    async open() {
      const office = await openOffice()
      office.sit(0)
      const [ticket] = office.come(1)
      return {
        ...office,
        scenes: [
          { name: 'home', kind: 'page', path: '/' },
          { name: 'kiosk', kind: 'kiosk', path: '/kiosk' },
          { name: 'kiosk-ticket', kind: 'kiosk', path: '/kiosk', steps: touch(/Surat keterangan/) },
          { name: 'display', kind: 'display', path: '/display' },
          { name: 'phone', kind: 'phone', path: `/t/${ticket}` },
          { name: 'phone-unknown', kind: 'phone', path: '/t/abcdefghijkl' },
          { name: 'phone-nonsense', kind: 'phone', path: '/t/x' },
          { name: 'nowhere', kind: 'phone', path: '/tidak-ada' },
          { name: 'visitor', kind: 'phone', path: '/visitor' },
        ],
      }
    },
  },
  {
    name: 'busy',
    async open() {
      const office = await openOffice({ weeks: 6 })
      const { box, me } = office
      box.queue.changeNotice({ text: sizeable, ...me })
      for (const at of [0, 1, 2, 3]) office.sit(at)
      office.come(70)
      for (const at of [0, 1, 2]) {
        office.call(at)
        office.pass(3)
      }
      office.finish(2)
      box.queue.pause({
        ...by(office.clerks[3] ?? ''),
        counter: office.counters[3] ?? '',
        until: box.time.wall() + 20 * 60_000,
      })
      const printer = await startFakePrinter()
      box.paper.changeSettings({ settings: { target: printer.target, width: 58 }, ...me })
      const waiting = office.come(1)[0]
      // The estimate is played at most every three seconds.
      await new Promise((resolve) => setTimeout(resolve, 4000))
      const tickets = box.queue.openTickets().filter(({ state }) => state === 'waiting')
      return {
        ...office,
        scenes: [
          { name: 'kiosk', kind: 'kiosk', path: '/kiosk' },
          { name: 'kiosk-en', kind: 'kiosk', path: '/kiosk', steps: touch('English') },
          { name: 'kiosk-priority', kind: 'kiosk', path: '/kiosk', steps: touch('Lansia') },
          { name: 'kiosk-ticket', kind: 'kiosk', path: '/kiosk', steps: touch(/KTP dan/) },
          { name: 'kiosk-fit', kind: 'kiosk', path: '/kiosk', steps: touch(/Sesuaikan/) },
          { name: 'kiosk-times', kind: 'kiosk', path: '/kiosk', steps: touch(/Kapan sepi/) },
          { name: 'kiosk-rate', kind: 'kiosk', path: '/kiosk', steps: touch(/Nilai pelayanan/) },
          {
            name: 'kiosk-rate-1',
            kind: 'kiosk',
            path: '/kiosk',
            steps: async (page) => {
              await touch(/Nilai pelayanan/)(page)
              await page.locator('.numbers button').first().click()
            },
          },
          { name: 'display', kind: 'display', path: '/display' },
          { name: 'phone', kind: 'phone', path: `/t/${waiting}` },
          { name: 'phone-en', kind: 'phone', path: `/t/${waiting}`, steps: touch('English') },
          { name: 'phone-telling', kind: 'phone', path: `/t/${waiting}`, steps: touch(/Beri tahu/) },
          { name: 'phone-three', kind: 'phone', path: `/t/${tickets[3]?.ticket}` },
          { name: 'phone-next', kind: 'phone', path: `/t/${tickets[0]?.ticket}` },
          { name: 'visitor', kind: 'phone', path: '/visitor' },
        ],
        after: () => printer.stop(),
      }
    },
  },
  {
    name: 'fits',
    async open() {
      const office = await openOffice({ weeks: 6 })
      for (const at of [0, 1]) office.sit(at)
      office.come(30)
      office.call(0)
      office.finish(0)
      const all = async (page: Page) => {
        await touch(/Sesuaikan/)(page)
        for (const name of ['Tombol lebih rendah', 'Huruf besar', 'Warna tajam']) await touch(name)(page)
      }
      const one = (name: string) => async (page: Page) => {
        await touch(/Sesuaikan/)(page)
        await touch(name)(page)
        await touch(/Sesuaikan/)(page)
      }
      return {
        ...office,
        scenes: [
          { name: 'kiosk-low', kind: 'kiosk', path: '/kiosk', steps: one('Tombol lebih rendah') },
          { name: 'kiosk-left', kind: 'kiosk', path: '/kiosk', steps: one('Untuk tangan kiri') },
          { name: 'kiosk-large', kind: 'kiosk', path: '/kiosk', steps: one('Huruf besar') },
          { name: 'kiosk-contrast', kind: 'kiosk', path: '/kiosk', steps: one('Warna tajam') },
          { name: 'kiosk-all', kind: 'kiosk', path: '/kiosk', steps: all },
          {
            name: 'kiosk-all-ticket',
            kind: 'kiosk',
            path: '/kiosk',
            steps: async (page) => {
              await all(page)
              await touch(/KTP dan/)(page)
            },
          },
          {
            name: 'kiosk-all-times',
            kind: 'kiosk',
            path: '/kiosk',
            steps: async (page) => {
              await all(page)
              await touch(/Kapan sepi/)(page)
            },
          },
          {
            name: 'kiosk-all-rate',
            kind: 'kiosk',
            path: '/kiosk',
            steps: async (page) => {
              await all(page)
              await touch(/Nilai pelayanan/)(page)
              await page.locator('.numbers button').first().click()
            },
          },
        ],
      }
    },
  },
  {
    name: 'calls',
    async open() {
      const office = await openOffice()
      office.box.queue.changeNotice({ text: sizeable, ...office.me })
      for (const at of [0, 1, 2, 3]) office.sit(at)
      const tickets = office.come(12)
      office.call(0)
      office.pass(2)
      office.call(1)
      office.pass(2)
      return {
        ...office,
        scenes: [
          { name: 'display', kind: 'display', path: '/display' },
          { name: 'phone', kind: 'phone', path: `/t/${tickets[0]}` },
          { name: 'visitor', kind: 'phone', path: '/visitor' },
        ],
      }
    },
  },
  {
    name: 'two-counters',
    async open() {
      const office = await openOffice({ counters: ['Loket 1', 'Loket 2'], services: usualServices.slice(0, 3) })
      for (const at of [0, 1]) office.sit(at)
      office.come(20)
      for (const at of [0, 1, 0, 1, 0]) {
        office.call(at)
        office.pass(2)
      }
      return {
        ...office,
        scenes: [
          { name: 'display', kind: 'display', path: '/display' },
          { name: 'kiosk', kind: 'kiosk', path: '/kiosk' },
        ],
      }
    },
  },
  {
    name: 'twelve-counters',
    async open() {
      const names = Array.from({ length: 12 }, (_, i) => `Loket ${i + 1}`)
      const office = await openOffice({ counters: names, services: manyServices.slice(0, 12) })
      for (const at of names.keys()) office.sit(at)
      office.come(200)
      for (const at of names.keys()) office.call(at)
      office.pass(2)
      return {
        ...office,
        scenes: [
          { name: 'display', kind: 'display', path: '/display' },
          { name: 'kiosk', kind: 'kiosk', path: '/kiosk' },
        ],
      }
    },
  },
  {
    name: 'six-counters',
    async open() {
      const names = Array.from({ length: 6 }, (_, i) => `Loket ${i + 1}`)
      const office = await openOffice({ counters: names, services: usualServices.slice(0, 6) })
      for (const at of names.keys()) office.sit(at)
      office.come(30)
      for (const at of names.keys()) office.call(at)
      office.pass(2)
      return {
        ...office,
        scenes: [
          { name: 'display', kind: 'display', path: '/display' },
          { name: 'kiosk', kind: 'kiosk', path: '/kiosk' },
        ],
      }
    },
  },
  {
    name: 'one-service',
    async open() {
      const office = await openOffice({ services: usualServices.slice(0, 1), counters: ['Loket 1'] })
      return {
        ...office,
        scenes: [
          { name: 'kiosk', kind: 'kiosk', path: '/kiosk' },
          { name: 'display', kind: 'display', path: '/display' },
        ],
      }
    },
  },
  {
    name: 'many-services',
    async open() {
      const office = await openOffice({ services: manyServices })
      for (const at of [0, 1, 2, 3]) office.sit(at)
      office.come(200)
      office.call(0)
      return {
        ...office,
        scenes: [
          { name: 'kiosk', kind: 'kiosk', path: '/kiosk' },
          { name: 'display', kind: 'display', path: '/display' },
          { name: 'visitor', kind: 'phone', path: '/visitor' },
        ],
      }
    },
  },
  {
    name: 'longest',
    async open() {
      const office = await openOffice({
        name: 'Kelurahan Sumberkencono Wongsorejo',
        services: longServices,
        counters: ['Loket pendaftaran dan informasi', 'Ruang pencatatan kependudukan', 'Loket 3', 'Kasir'],
      })
      office.box.queue.changeNotice({ text: `${sizeable} ${sizeable} ${sizeable}`, ...office.me })
      for (const at of [0, 1, 2, 3]) office.sit(at)
      const tickets = office.come(30)
      for (const at of [2, 3, 0, 1]) office.call(at)
      office.pass(1)
      office.box.queue.changeHours({ service: null, week, ...office.me })
      return {
        ...office,
        scenes: [
          { name: 'kiosk', kind: 'kiosk', path: '/kiosk' },
          { name: 'kiosk-ticket', kind: 'kiosk', path: '/kiosk', steps: touch(/kemasyarakatan/) },
          { name: 'display', kind: 'display', path: '/display' },
          { name: 'phone', kind: 'phone', path: `/t/${tickets.at(-1)}` },
          { name: 'visitor', kind: 'phone', path: '/visitor' },
          { name: 'book', kind: 'phone', path: '/book', steps: touch(/Rekomendasi/) },
        ],
      }
    },
  },
  {
    name: 'hours',
    async open() {
      const office = await openOffice()
      const { box, me, services } = office
      box.queue.changeHours({ service: null, week, ...me })
      for (const at of [0, 1]) office.sit(at)
      office.come(9)
      office.call(0)
      // A break, another day, used up, switched off, nothing left for today.
      const span = (from: number, until: number): Week => [[], [{ from, until }], [{ from, until }], [], [], [], []]
      box.queue.changeHours({
        service: services[1] ?? '',
        week: [
          [],
          [
            { from: 480, until: 570 },
            { from: 600, until: 720 },
          ],
          [],
          [],
          [],
          [],
          [],
        ],
        ...me,
      })
      box.queue.changeHours({
        service: services[2] ?? '',
        week: [[], [], [], [{ from: 480, until: 700 }], [], [], []],
        ...me,
      })
      box.queue.changeQuota({ service: services[3] ?? '', quota: 1, ...me })
      try {
        box.queue.takeTicket({ service: services[3] ?? '', actor: 'kiosk:1', key: null })
      } catch {}
      box.queue.setServiceOpen({ service: services[4] ?? '', open: false, ...me })
      box.queue.changeHours({ service: services[5] ?? '', week: span(480, 583), ...me })
      box.queue.changeHours({ service: services[6] ?? '', week: span(600, 720), ...me })
      return {
        ...office,
        scenes: [
          { name: 'kiosk', kind: 'kiosk', path: '/kiosk' },
          { name: 'kiosk-code', kind: 'kiosk', path: '/kiosk', steps: touch(/punya janji/) },
          {
            name: 'kiosk-code-wrong',
            kind: 'kiosk',
            path: '/kiosk',
            steps: async (page) => {
              await touch(/punya janji/)(page)
              await page.keyboard.type('1234')
              await page.waitForTimeout(500)
            },
          },
          { name: 'kiosk-times', kind: 'kiosk', path: '/kiosk', steps: touch(/Kapan sepi/) },
          { name: 'display', kind: 'display', path: '/display' },
          { name: 'book', kind: 'phone', path: '/book' },
          {
            name: 'book-chosen',
            kind: 'phone',
            path: '/book',
            steps: async (page) => {
              await touch(/KTP/)(page)
              await touch(/^10\.30/)(page)
            },
          },
          { name: 'book-times', kind: 'phone', path: '/book', steps: touch(/Kapan sepi/) },
          {
            name: 'book-booked',
            kind: 'phone',
            path: '/book',
            steps: async (page) => {
              await touch(/KTP/)(page)
              await touch(/^10\.30/)(page)
              await touch(/^Pesan /)(page)
              await page.getByText('Kode janji').waitFor()
            },
          },
          { name: 'book-unknown', kind: 'phone', path: '/book/abcdefghijkl' },
        ],
      }
    },
  },
  {
    name: 'closed',
    async open() {
      const office = await openOffice()
      office.box.queue.changeHours({ service: null, week: [[], [], day, day, day, day, []], ...office.me })
      return {
        ...office,
        scenes: [
          { name: 'kiosk', kind: 'kiosk', path: '/kiosk' },
          { name: 'display', kind: 'display', path: '/display' },
          { name: 'visitor', kind: 'phone', path: '/visitor' },
          { name: 'book', kind: 'phone', path: '/book' },
        ],
      }
    },
  },
  {
    name: 'phones',
    async open() {
      const office = await openOffice()
      const { box } = office
      office.sit(0)
      office.sit(1)
      const tickets = Array.from(
        { length: 12 },
        () => box.queue.takeTicket({ service: office.services[0] ?? '', actor: 'kiosk:1', key: null }).ticket,
      )
      const five = tickets[4]
      const first = office.call(0)
      box.queue.start({ ...by(office.clerks[0] ?? ''), ticket: first.ticket })
      box.queue.complete({ ...by(office.clerks[0] ?? ''), ticket: first.ticket, result: 'done' })
      const second = office.call(0)
      box.queue.miss({ ...by(office.clerks[0] ?? ''), ticket: second.ticket })
      const third = office.call(0)
      box.queue.start({ ...by(office.clerks[0] ?? ''), ticket: third.ticket })
      const called = office.call(1)
      box.queue.cancel({ ticket: five ?? '', actor: 'phone', key: null, reason: 'cancelled' })
      return {
        ...office,
        scenes: [
          { name: 'completed', kind: 'phone', path: `/t/${first.ticket}` },
          { name: 'survey', kind: 'phone', path: `/t/${first.ticket}`, steps: touch(/Nilai pelayanan/) },
          { name: 'missed', kind: 'phone', path: `/t/${second.ticket}` },
          { name: 'serving', kind: 'phone', path: `/t/${third.ticket}` },
          { name: 'called', kind: 'phone', path: `/t/${called.ticket}` },
          { name: 'cancelled', kind: 'phone', path: `/t/${five}` },
          { name: 'cancelled-here', kind: 'phone', path: `/t/${tickets[10]}`, steps: touch('Batalkan nomor') },
          { name: 'gave-way', kind: 'phone', path: `/t/${tickets[6]}`, steps: touch(/Beri jalan/) },
        ],
      }
    },
  },
  {
    name: 'paper-out',
    async open() {
      const office = await openOffice()
      const printer = await startFakePrinter()
      printer.set('paper-out')
      office.box.paper.changeSettings({ settings: { target: printer.target, width: 58 }, ...office.me })
      office.sit(0)
      office.come(6)
      return {
        ...office,
        scenes: [
          {
            name: 'kiosk-ticket',
            kind: 'kiosk',
            path: '/kiosk',
            steps: async (page) => {
              await touch(/KTP dan/)(page)
              await page.getByText('Kertas sedang habis').waitFor()
            },
          },
        ],
        after: () => printer.stop(),
      }
    },
  },
  {
    name: 'doubtful',
    async open() {
      const office = await openOffice({ trusted: false })
      return {
        ...office,
        scenes: [
          { name: 'kiosk', kind: 'kiosk', path: '/kiosk' },
          {
            name: 'kiosk-failed',
            kind: 'kiosk',
            path: '/kiosk',
            steps: async (page) => {
              await touch(/KTP dan/)(page)
              await page.getByText('Nomor belum diambil').waitFor()
            },
          },
          { name: 'display', kind: 'display', path: '/display' },
        ],
      }
    },
  },
  {
    name: 'pairing',
    async open() {
      const office = await openOffice()
      const ask = async (page: Page) => {
        // This machine's own screens are paired by themselves; any other sees this.
        await page.route('**/api/device', (route) =>
          route.fulfill({ json: { device: null, code: '482913', expiresAt: null } }),
        )
        await page.reload()
      }
      return {
        ...office,
        scenes: [
          { name: 'kiosk', kind: 'kiosk', path: '/kiosk', steps: ask },
          { name: 'display', kind: 'display', path: '/display', steps: ask },
        ],
      }
    },
  },
  {
    name: 'cut',
    async open() {
      const office = await openOffice({ weeks: 6 })
      for (const at of [0, 1, 2]) office.sit(at)
      office.come(30)
      for (const at of [0, 1, 2]) office.call(at)
      const waiting = office.box.queue.openTickets().filter(({ state }) => state === 'waiting')
      let _gone: Promise<void> | null = null
      const cut = async (page: Page) => {
        await page.waitForTimeout(300)
        _gone ??= office.box.close()
        await page.waitForTimeout(3500)
      }
      return {
        ...office,
        scenes: [
          { name: 'kiosk', kind: 'kiosk', path: '/kiosk' },
          { name: 'display', kind: 'display', path: '/display' },
          { name: 'phone', kind: 'phone', path: `/t/${waiting[5]?.ticket}` },
          { name: 'visitor', kind: 'phone', path: '/visitor' },
          { name: 'kiosk-touched', kind: 'kiosk', path: '/kiosk', steps: cut },
        ],
      }
    },
  },
]
