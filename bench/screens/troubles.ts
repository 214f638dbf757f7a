import type { Page } from 'playwright-core'
import { startFakePrinter } from '../../testing/fake-printer.ts'
import { openOffice } from './offices.ts'

import { type Stage, touch } from './scene.ts'

export const troubles: readonly Stage[] = [
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
      const cut = async (page: Page) => {
        await page.waitForTimeout(300)
        await office.box.close()
        // As long as a page waits before it says that it is cut off, and longer.
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
