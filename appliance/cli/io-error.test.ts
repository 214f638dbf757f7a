import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, expect, test } from 'vitest'
import { prepareOffice } from '../../bench/offices.ts'
import { openKiosk, startBox } from '../../testing/programs.ts'
import { createChainIndex } from '../base/journal/chain-index.ts'
import { verifyChains } from '../base/journal/verify.ts'

const village = '3510242008'
const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/*
 * The kernel's answer to a system call on the write-ahead log is replaced by strace: what a dying card gives. The 80th
 * call falls among the tickets; with a `+` all behind it fail too.
 */
test.each([
  ['a sync that fails once', 'fsync:error=EIO:when=20', 'goes on'],
  ['a card that died', 'pwrite64,fsync:error=EIO:when=80+', 'stays refused'],
  ['a file system that turned read-only', 'pwrite64:error=EROFS:when=80+', 'stays refused'],
])(
  'F17: %s refuses the ticket by name, and after a restart every ticket that was told is there',
  async (_what, inject, then) => {
    const folder = mkdtempSync(join(tmpdir(), 'balai-io-'))
    undo.push(() => rmSync(folder, { recursive: true, force: true }))
    const [service = ''] = await prepareOffice(folder, village)
    const wal = join(folder, 'balai.db-wal')
    const strace = ['strace', '-D', '-f', '-qq', '-o', '/dev/null', '-P', wal, '-e', `inject=${inject}`]
    const failing = await startBox({ folder, village, under: strace })
    undo.push(failing.pause)
    const kiosk = await openKiosk(failing.url)
    const told: string[] = []
    let refused = ''
    for (let i = 0; i < 200 && refused === ''; i++) {
      try {
        told.push((await kiosk.take(service)).ticket)
      } catch (error) {
        refused = (error as Error).message
      }
    }
    expect(told.length).toBeGreaterThan(1)
    expect(refused).toBe('503 store.io')
    const again = kiosk.take(service)
    if (then === 'goes on') told.push((await again).ticket)
    else await expect(again).rejects.toThrow('503 store.io')
    await failing.kill()

    const whole = await startBox({ folder, village })
    undo.push(whole.pause)
    told.push((await (await openKiosk(whole.url)).take(service)).ticket)
    await whole.pause()
    const db = new Database(join(folder, 'balai.db'), { readonly: true })
    undo.push(() => db.close())
    const rows = db.prepare<[], { ticket: string; number: number }>('SELECT ticket, number FROM ticket').all()
    expect(told.filter((ticket) => !rows.some((row) => row.ticket === ticket))).toEqual([])
    expect(new Set(rows.map(({ number }) => number)).size).toBe(rows.length)
    expect(verifyChains(village, createChainIndex(db)).broken).toEqual([])
  },
)
