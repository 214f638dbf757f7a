import { execFileSync, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'smol-toml'
import { afterAll, expect, test } from 'vitest'
import { issueEnrolments, reissueEnrolment } from '../../provisioning/fleet/issue.ts'
import { readRecoveryKey } from '../../provisioning/fleet/recovery.ts'
import { startBoxWith, withoutFlows } from '../../testing/programs.ts'
import { freePort } from '../../testing/servers.ts'
import { furnish, openTestBox, testVillage } from '../../testing/test-box.ts'
import { openTestFleet, testOffices } from '../../testing/test-fleet.ts'
import { writeBackup } from '../backup/backup.ts'
import { recipientOf } from '../backup/recovery.ts'
import { exitCode } from '../base/errors.ts'
import { readMember } from '../enrolment/membership.ts'
import { readEnrolment } from '../wire/enrolment.ts'

/* A14 as people meet it: sealed backups made and opened by the program. */

const place = mkdtempSync(join(tmpdir(), 'balai-sealed-cli-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))
const program = join(import.meta.dirname, '..', 'balai.js')
const ownerOf = (path: string) => statSync(path).uid
const balai = (input: string, ...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], { cwd: place, encoding: 'utf8', input })

test('a box without a fleet shows its words once; by them, and by them alone, its sealed backup comes back', async () => {
  writeFileSync(
    join(place, 'balai.toml'),
    `village = "${testVillage}"\nname = "Desa Tamansari"\ndistrict = "Licin"\nzone = "WIB"\ndata = "data"\nbackup_stick = "${place}/none"\n`,
  )
  const box = await openTestBox({ folder: join(place, 'data') })
  await furnish(box)
  await box.close()
  rmSync(join(place, 'data', 'recovery.json'))
  if (process.getuid?.() === 0) chownSync(join(place, 'data'), 1_234, 1_234)
  expect(balai('', 'backup', '--to', 'stick').stdout).toMatch(/\.db\.age: \d+ entries, \d+ kB, checked\.\n$/)
  const [name = ''] = readdirSync(join(place, 'stick'))
  const path = join('stick', name)

  // Root has typed it, for a service that is another user.
  expect(ownerOf(join(place, 'data', 'recovery.json'))).toBe(ownerOf(join(place, 'data')))
  expect(readdirSync(join(place, 'data'))).not.toContain('backups')
  if (process.getuid?.() === 0) execFileSync('chown', ['-R', '0:0', join(place, 'data')])

  const shown = balai('', 'backup', '--show-recovery')
  expect(shown.status).toBe(exitCode.ok)
  const words: string[] = shown.stdout.match(/(?<=\d )[a-z]+/g) ?? []
  expect(words).toHaveLength(24)
  expect(balai('', 'backup', '--show-recovery')).toMatchObject({
    status: exitCode.failed,
    stdout: expect.stringContaining('--new-recovery'),
  })

  expect(balai(`${words.with(4, 'notaword').join(' ')}\n`, 'restore', path)).toMatchObject({
    status: exitCode.failed,
    stderr: expect.stringContaining('Word 5, "notaword", is not in the list'),
  })
  const typed = balai(`${words.join(' ')}\n`, 'restore', path)
  expect(typed).toMatchObject({ status: exitCode.ok, stdout: expect.stringContaining('Start the box.') })
  writeFileSync(join(place, 'words.txt'), shown.stdout)
  expect(balai('', 'restore', path, '--words-file', 'words.txt').status).toBe(exitCode.ok)

  const anew = balai('', 'backup', '--new-recovery').stdout.match(/(?<=\d )[a-z]+/g) ?? []
  balai('', 'backup', '--to', 'second')
  const [second = ''] = readdirSync(join(place, 'second'))
  writeFileSync(join(place, 'anew.txt'), anew.join(' '))
  expect(balai('', 'restore', join('second', second), '--words-file', 'anew.txt').status).toBe(exitCode.ok)
})

test('a reissued file opens the dead box’s stick by itself, and is gone from there with its key before the office opens', async () => {
  const now = Date.now()
  const fleet = await openTestFleet({ now })
  const [office] = testOffices(1)
  const village = office?.village ?? ''
  const [stick, data] = [join(place, 'swap-stick'), join(place, 'swap')]
  const path = `villages/balai-enrol-${village}.json`
  try {
    await issueEnrolments(fleet.fleet, testOffices(1), { now, days: 30 })
    const first = readEnrolment(fleet.read(path), now).file
    expect(first?.recoveryKey).toBeUndefined()
    const dead = await openTestBox({ village, name: 'Desa Desa 1' })
    await furnish(dead)
    const { entries } = await writeBackup(dead.store.db, stick, now, 'stick', first?.recovery ?? null)
    await dead.remove()

    await reissueEnrolment(fleet.fleet, village, { now: now + 1, days: 30 })
    const again = readEnrolment(fleet.read(path), now).file
    expect(again).toMatchObject({ recovery: first?.recovery, recoveryKey: readRecoveryKey(fleet.folder, village) })
    expect(await recipientOf(again?.recoveryKey ?? '')).toBe(first?.recovery)
    writeFileSync(join(stick, `balai-enrol-${village}.json`), fleet.read(path))
    mkdirSync(data)
    const [http_port, https_port] = [await freePort(), await freePort()]
    const lan = { host: '127.0.0.1', http_port, https_port }
    const config = join(place, 'swap.toml')
    writeFileSync(
      config,
      stringify({ data, enrolment_folders: [stick], backup_stick: stick, lan, log: 'warn' }) + withoutFlows,
    )
    const box = await startBoxWith(config, `http://127.0.0.1:${http_port}`, '/api/session')
    expect(existsSync(join(stick, `balai-enrol-${village}.json`))).toBe(false)
    expect(existsSync(join(data, 'member/recovery.key'))).toBe(false)
    expect(readMember(data)?.recovery).toBe(first?.recovery)
    await box.pause()
    const restored = await openTestBox({ folder: data, village, name: 'Desa Desa 1' })
    try {
      expect(restored.people.accounts().map(({ name }) => name)).toContain('Teknisi')
      expect(restored.journal.lastRow()).toBeGreaterThan(entries)
    } finally {
      await restored.close()
      await box.stop()
    }
  } finally {
    fleet.remove()
  }
})
