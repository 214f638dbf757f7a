import type { Page } from 'playwright-core'
import { usualServices } from '../../appliance/office/usual-services.ts'
import { longServices, manyServices, openOffice } from './offices.ts'

import { notice, type Stage, touch, week } from './scene.ts'

export const sizes: readonly Stage[] = [
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
      office.box.office.changeNotice({ text: `${notice} ${notice} ${notice}`, ...office.me })
      for (const at of [0, 1, 2, 3]) office.sit(at)
      const tickets = office.come(30)
      for (const at of [2, 3, 0, 1]) office.call(at)
      office.pass(1)
      office.box.office.changeHours({ service: null, week, ...office.me })
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
]
