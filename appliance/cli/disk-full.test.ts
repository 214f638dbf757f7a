import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { by, furnish, monday, openTestBox } from '../../testing/test-box.ts'
import { writeBackup } from '../backup/backup.ts'
import { backupFolder, listBackups } from '../backup/files.ts'
import { verifyChains } from '../base/journal/verify.ts'

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

test('SYNC-014, F15: a disk that fills up sheds old backups and recordings first, then new numbers, and the line is still called', async ({
  skip,
}) => {
  if (process.getuid?.() !== 0) skip()
  const disk = mountSmallDisk()
  const folder = join(disk, 'box')
  const box = await openTestBox({ folder })
  undo.push(box.close)
  const { services, counters, clerks } = await furnish(box)
  const take = () => box.queue.takeTicket({ service: services[0], ...by('kiosk:1') })
  const codes = () => box.alarms.list().map(({ code }) => code)
  const first = take()

  for (const minute of [1, 2, 3])
    await writeBackup(box.store.db, backupFolder(folder), monday + minute * 60_000, 'data')
  await box.health.look()
  expect(codes()).toContain('disk.scarce')
  expect(listBackups(backupFolder(folder)).length).toBe(1)
  const record = () => box.voice.recordings.record({ clip: 'chime', mp3: Buffer.alloc(0), ...by('box') })
  expect(record).toThrow(expect.objectContaining({ code: 'store.scarce' }))
  expect(take().number).toBe(2)

  const free = () => statfsSync(disk).bavail * statfsSync(disk).bsize
  for (let chunk = 0; free() > 12_000_000; chunk++)
    writeFileSync(join(disk, `ballast${chunk}`), Buffer.alloc(256 * 1024, chunk))
  await box.health.look()
  expect(codes()).toContain('disk.full')
  expect(codes()).not.toContain('disk.scarce')
  expect(take).toThrow(expect.objectContaining({ kind: 'unavailable', code: 'store.full' }))
  await expect(writeBackup(box.store.db, backupFolder(folder), monday, 'data')).rejects.toMatchObject({
    code: 'backup.full',
  })
  box.office.sit({ counter: counters[0], ...by(clerks[0]) })
  expect(box.queue.callNext({ counter: counters[0], ...by(clerks[0]) }).ticket).toBe(first.ticket)

  execFileSync('sh', ['-c', `rm ${join(disk, 'ballast')}*`])
  await box.health.look()
  expect(take().number).toBe(3)
})
