import { join } from 'node:path'
import { expect, test } from 'vitest'
import { weighPage } from '../../testing/weigh-pages.ts'
import { readPages } from './pages.ts'

const pages = await readPages()
const citizens = Object.keys(pages).filter((name) => !pages[name]?.messages.includes('staff'))
const mostKiB = 60

test('the pages of citizens are those without the words of the staff', () => {
  expect(citizens).toEqual(expect.arrayContaining(['book', 'check', 'display', 'kiosk', 'phone', 'snap', 'visitor']))
  expect(citizens).not.toContain('desk')
})

test.each(citizens)('%s is here with less than 60 KiB, on whatever line and old PC', (name) => {
  expect(weighPage(name, join(import.meta.dirname, '../../dist/pages'))).toBeLessThan(mostKiB)
})
