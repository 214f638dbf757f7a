import { linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { eraseFolder } from './erase-folder.ts'
import { finishWipe, markWipe, readWipeMark } from './wipe-mark.ts'

const place = mkdtempSync(join(tmpdir(), 'balai-erase-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))

const names = [
  'balai.db',
  'balai.db-wal',
  'box-key.pem',
  'recovery.json',
  'setup-code',
  'voice/a.mp3',
  'backups/1.db.age',
]
function fill(name: string): string {
  const folder = join(place, name)
  for (const one of [...names, 'member/identity.pem', 'member/member.json']) {
    mkdirSync(join(folder, one, '..'), { recursive: true })
    writeFileSync(join(folder, one), 'secret '.repeat(200_000))
  }
  return folder
}

test('every file is overwritten before it goes, and what is to be kept stays', async () => {
  const folder = fill('whole')
  writeFileSync(join(folder, 'kept'), 'kept')
  for (const name of ['box-key.pem', 'balai.db']) linkSync(join(folder, name), join(place, name))
  expect(await eraseFolder(folder, (name) => name === 'kept')).toEqual([])
  expect(readdirSync(folder)).toEqual(['kept'])
  for (const name of ['box-key.pem', 'balai.db']) {
    const rest = readFileSync(join(place, name))
    expect(rest.length).toBe(1_400_000)
    expect(rest.every((byte) => byte === 0)).toBe(true)
  }
})

test('keys go first: whoever cuts the power leaves a box without them', async () => {
  const folder = fill('order')
  const erasing = eraseFolder(folder, () => false)
  const seen: string[][] = []
  let ended = false
  void erasing.then(() => {
    ended = true
  })
  while (!ended) {
    seen.push(readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    await new Promise(setImmediate)
  }
  const key = (name: string) => /^(member\/.|box-key|recovery|setup)/.test(name)
  const cut = seen.filter((left) => left.some((name) => !key(name) && names.includes(name)))
  expect(cut.length).toBeGreaterThan(1)
  for (const left of cut.filter((all) => !all.includes('balai.db'))) expect(left.filter(key)).toEqual([])
})

test('a wipe that was cut short goes on, and a mark that cannot be read is one', async () => {
  const folder = fill('cut')
  const elsewhere = join(place, 'box.key')
  writeFileSync(elsewhere, 'secret')
  markWipe(folder, { at: 5_000, elsewhere: [elsewhere, join(place, 'gone.key')] })
  rmSync(join(folder, 'box-key.pem'))
  expect(await finishWipe(folder)).toEqual([])
  expect(readdirSync(folder)).toEqual(['wipe.json'])
  expect(readFileSync(elsewhere, 'latin1')).toBe('\0'.repeat(6))
  expect(readWipeMark(folder)).toMatchObject({ state: 'wiped', at: 5_000 })
  expect(await finishWipe(folder)).toEqual([])
  writeFileSync(join(folder, 'wipe.json'), '{"st')
  expect(readWipeMark(folder)).toMatchObject({ state: 'wiping' })
})
