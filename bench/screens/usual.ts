import { startFakePrinter } from '../../testing/fake-printer.ts'
import { by } from '../../testing/test-box.ts'
import { openOffice } from './offices.ts'

import { notice, type Stage, touch } from './scene.ts'

export const usual: readonly Stage[] = [
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
      box.office.changeNotice({ text: notice, ...me })
      for (const at of [0, 1, 2, 3]) office.sit(at)
      office.come(70)
      for (const at of [0, 1, 2]) {
        office.call(at)
        office.pass(3)
      }
      office.finish(2)
      box.office.pause({
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
    name: 'calls',
    async open() {
      const office = await openOffice()
      office.box.office.changeNotice({ text: notice, ...office.me })
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
]
