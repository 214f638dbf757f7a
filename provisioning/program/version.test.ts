import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { maintainerOf } from './version.ts'

const root = join(import.meta.dirname, '..', '..')

test('a package is somebody’s: who builds it, else who made its commit', () => {
  const author = execFileSync('git', ['log', '-1', '--format=%ae'], { cwd: root, encoding: 'utf8' }).trim()
  expect(maintainerOf(root, {})).toContain(`<${author}>`)
  expect(maintainerOf(root, { DEBFULLNAME: 'Rina', DEBEMAIL: 'rina@example.go.id' })).toBe('Rina <rina@example.go.id>')
})

test('of an archive of the sources nobody is made up', () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-archive-'))
  expect(maintainerOf(folder, {})).toBe('Balai <balai@localhost>')
  rmSync(folder, { recursive: true })
})
