import type { Page } from 'playwright-core'
import type { Week } from '../../appliance/base/week.ts'
import type { Kind } from '../../testing/measure.ts'
import type { Office } from './offices.ts'

/* What a page is looked at in. */

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

export const touch = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()
export const day = [
  { from: 480, until: 720 },
  { from: 780, until: 930 },
]
export const week: Week = [[], day, day, day, day, day, []]
export const notice = 'Posyandu balita Rabu 25 November di balai dusun Krajan, pukul 08.00. Bawa buku KIA.'
