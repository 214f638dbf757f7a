import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { prepareOffice } from '../../bench/offices.ts'
import { openKiosk, startBox } from '../../testing/programs.ts'

const kills = 50

test('F02: fifty kill -9 while tickets are taken: every answered number is there, none twice, no hole that a citizen saw', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-power-'))
  const village = '3510242008'
  const services = await prepareOffice(folder, village)
  const box = await startBox({ folder, village })
  const moments = fc.sample(fc.integer({ min: 5, max: 120 }), { numRuns: kills, seed: 20261123 })
  const answered = new Map<string, string>()
  let cookieKiosk = await openKiosk(box.url)

  try {
    for (const moment of moments) {
      let down = false
      const first = Promise.withResolvers<void>()
      const taking = services.slice(0, 3).map(async (service) => {
        while (!down) {
          try {
            const { ticket, number } = await cookieKiosk.take(service)
            answered.set(ticket, number)
            first.resolve()
          } catch (error) {
            if (/^\d/.test((error as Error).message)) throw error
            return
          }
        }
      })
      // However slow the machine is: somebody has a number, and more are on their way.
      await Promise.race([first.promise, Promise.all(taking)])
      await new Promise((resolve) => setTimeout(resolve, moment))
      await box.kill()
      down = true
      await Promise.all(taking)
      await box.restart()
    }
    cookieKiosk = await openKiosk(box.url)
    await cookieKiosk.take(services[0] ?? '')
  } finally {
    await box.pause()
  }

  const db = new Database(join(folder, 'balai.db'), { readonly: true })
  const rows = db
    .prepare<[], { ticket: string; label: string; service: string; number: number }>(
      'SELECT ticket, label, service, number FROM ticket',
    )
    .all()
  db.close()
  rmSync(folder, { recursive: true, force: true })
  const kept = new Map(rows.map(({ ticket, label }) => [ticket, label]))
  expect(answered.size).toBeGreaterThanOrEqual(kills)
  for (const [ticket, number] of answered) expect(kept.get(ticket)).toBe(number)
  expect(new Set(kept.values()).size).toBe(rows.length)
  for (const service of services) {
    const numbers = rows
      .filter((row) => row.service === service)
      .map(({ number }) => number)
      .sort((a, b) => a - b)
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  }
}, 300_000)
