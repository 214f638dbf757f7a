import { execFileSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { packFrame } from '../../appliance/wire/frame.ts'
import { createTestBox, queueEntries } from '../../testing/hub-client-box.ts'
import { openTestDatabaseAlone, openTestReceiver } from '../../testing/hub-parts.ts'

const undo: (() => unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** A real file system of 32 MB that belongs to whom PostgreSQL runs as. */
function mountSmallDisk({ uid, gid }: { uid: number; gid: number }): string {
  const disk = mkdtempSync(join(tmpdir(), 'balai-hub-disk-'))
  undo.push(() => rmSync(disk, { recursive: true, force: true }))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m,mode=0700', 'tmpfs', disk])
  undo.push(() => execFileSync('umount', ['-l', disk]))
  chownSync(disk, uid, gid)
  return disk
}

function fill(disk: string): string {
  const ballast = join(disk, 'ballast')
  const { bavail, bsize } = statfsSync(disk)
  writeFileSync(ballast, Buffer.alloc(bavail * bsize))
  return ballast
}

test('F16: a full disk at the regency answers nothing and refuses nothing; with room again the same batch is taken, once', async ({
  skip,
}) => {
  // Only root may mount.
  if (process.getuid?.() !== 0) skip()
  const { server, database, close } = await openTestDatabaseAlone()
  undo.push(close)
  const disk = mountSmallDisk(statSync(server.folder))
  await database.query(`CREATE TABLESPACE small LOCATION '${disk}'`)
  undo.push(() => database.query('DROP TABLESPACE IF EXISTS small').catch(() => {}))
  for (let part = 0; part < 8; part++) await database.query(`ALTER TABLE entry_${part} SET TABLESPACE small`)

  const entries = queueEntries(400).map((entry) => ({ ...entry, data: { ...entry.data, text: 'x'.repeat(900) } }))
  const box = createTestBox({ village: '3510012001', entries })
  const line = openTestReceiver(database, { free: true })
  await line.ask(box.village, 'hello', packFrame(box.hello()))
  const ballast = fill(disk)
  let acked = 0
  while (acked < 400) {
    const before = line.answers.length
    line.receiver.take(box.village, 'up', box.packBatch(acked + 1, acked + 50))
    await line.receiver.settle()
    if (line.answers.length === before) break
    acked = line.answers.at(-1)?.seq ?? 0
  }
  expect(acked).toBeLessThan(400)
  expect(line.receiver.totals()).toMatchObject({ failed: 1, refused: 0 })
  // It is no loss of PostgreSQL: who can be answered is.
  expect(database.isUp()).toBe(true)
  expect(await line.ask(box.village, 'hello', packFrame(box.hello()))).toMatchObject({ epochs: [{ seq: acked }] })

  rmSync(ballast)
  while (acked < 400) acked = (await line.ask(box.village, 'up', box.packBatch(acked + 1, acked + 50))).seq
  const { rows } = await database.query(
    'SELECT count(*)::int AS entries, count(DISTINCT name)::int AS names FROM entry WHERE village = $1',
    [box.village],
  )
  expect(rows).toEqual([{ entries: 400, names: 400 }])
  await line.receiver.close()
  for (let part = 0; part < 8; part++) await database.query(`ALTER TABLE entry_${part} SET TABLESPACE pg_default`)
})
