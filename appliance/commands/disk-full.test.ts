import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { verifyChains } from '../journal/verify.ts'
import { by, furnish, openTestBox } from '../test-box.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** A real ext4 of 32 MB in a file. */
function mountSmallDisk(): string {
  const folder = mkdtempSync(join(tmpdir(), 'balai-disk-'))
  undo.push(() => rmSync(folder, { recursive: true, force: true }))
  const image = join(folder, 'image')
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  execFileSync('truncate', ['-s', '32M', image])
  execFileSync('mkfs.ext4', ['-q', image])
  execFileSync('mount', ['-o', 'loop', image, disk])
  undo.push(() => execFileSync('umount', ['-l', disk]))
  return disk
}

test('SYNC-014, F15, F17: on a full disk tickets are refused by name, nothing that was confirmed is lost, and room is enough to go on', async ({
  skip,
}) => {
  // Only root may mount.
  if (process.getuid?.() !== 0) skip()
  const disk = mountSmallDisk()
  const box = await openTestBox({ folder: join(disk, 'box') })
  undo.push(box.close)
  const { services } = await furnish(box)
  const take = () => box.queue.takeTicket({ service: services[0], ...by('kiosk:1') })
  take()
  const ballast = join(disk, 'ballast')
  try {
    for (let chunk = 0; ; chunk++) writeFileSync(`${ballast}${chunk}`, Buffer.alloc(256 * 1024, chunk))
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC')
  }
  const confirmed: string[] = []
  let refused: { code?: string } | null = null
  for (let i = 0; i < 3_000 && !refused; i++) {
    try {
      confirmed.push(take().ticket)
    } catch (error) {
      refused = error as { code?: string }
    }
  }
  expect(refused).toMatchObject({ kind: 'unavailable', code: expect.stringMatching(/^store\.(full|io)$/) })
  expect(confirmed.map((ticket) => box.queue.ticket(ticket).ticket)).toEqual(confirmed)
  execFileSync('sh', ['-c', `rm ${ballast}*`])
  expect(take().number).toBe(confirmed.length + 2)
  expect(verifyChains(box.journal.village, box.journal).broken).toEqual([])
})
