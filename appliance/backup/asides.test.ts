import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { asideName } from '../base/store/failures.ts'
import { dayMs } from '../base/time.ts'
import { removeOldAsides } from './files.ts'

test('what a restore has put aside goes after 30 days, with its log; nothing else does', () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-asides-'))
  const database = join(folder, 'balai.db')
  const now = Date.UTC(2026, 10, 30, 2)
  const kept = ['balai.db', 'balai.db.before-restore-by-hand', asideName(`${database}.damaged`, 0)]
  const names = [
    ...kept.map((name) => name.replace(`${folder}/`, '')),
    ...[29, 31].map((days) => asideName(`${database}.before-restore`, now - days * dayMs).replace(`${folder}/`, '')),
  ]
  for (const name of names) writeFileSync(join(folder, name), '')
  writeFileSync(join(folder, `${names[4]}-wal`), '')
  removeOldAsides(database, now)
  expect(readdirSync(folder).sort()).toEqual(names.slice(0, 4).sort())
  rmSync(folder, { recursive: true })
})
