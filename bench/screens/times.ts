import type { Week } from '../../appliance/base/week.ts'
import { by } from '../../testing/test-box.ts'
import { openOffice } from './offices.ts'

import { day, type Stage, touch, week } from './scene.ts'

export const times: readonly Stage[] = [
  {
    name: 'hours',
    async open() {
      const office = await openOffice()
      const { box, me, services } = office
      box.office.changeHours({ service: null, week, ...me })
      for (const at of [0, 1]) office.sit(at)
      office.come(9)
      office.call(0)
      // A break, another day, used up, switched off, nothing left for today.
      const span = (from: number, until: number): Week => [[], [{ from, until }], [{ from, until }], [], [], [], []]
      box.office.changeHours({
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
      box.office.changeHours({
        service: services[2] ?? '',
        week: [[], [], [], [{ from: 480, until: 700 }], [], [], []],
        ...me,
      })
      box.office.changeQuota({ service: services[3] ?? '', quota: 2, ...me })
      box.queue.takeTicket({ service: services[3] ?? '', actor: 'kiosk:1', key: null, hours: 'waived' })
      box.office.setServiceOpen({ service: services[4] ?? '', open: false, ...me })
      box.office.changeHours({ service: services[5] ?? '', week: span(480, 583), ...me })
      box.office.changeHours({ service: services[6] ?? '', week: span(600, 720), ...me })
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
              await page.getByText('Ketik kode').waitFor()
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
      office.box.office.changeHours({ service: null, week: [[], [], day, day, day, day, []], ...office.me })
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
]
