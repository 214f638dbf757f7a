import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyFlowModules } from './flow-modules.ts'

const root = join(import.meta.dirname, '..', '..')
const target = mkdtempSync(join(tmpdir(), 'flow-modules-'))
beforeAll(() => copyFlowModules(root, target))
afterAll(() => rmSync(target, { recursive: true }))

test('the package carries every word of our nodes and of the editor, and no test', () => {
  const wordsIn = (folder: string) => globSync('flows/{nodes/,}locales/**/*.{json,html}', { cwd: folder }).sort()
  expect(wordsIn(root).length).toBeGreaterThan(50)
  expect(wordsIn(target)).toEqual(wordsIn(root))
  expect(globSync('flows/**/*.test.ts', { cwd: target })).toEqual([])
})

test('Node-RED’s English stays, for what is not translated; its other languages go', () => {
  for (const name of ['editor-client', 'nodes', 'runtime'])
    expect(globSync('*', { cwd: join(target, 'node_modules/@node-red', name, 'locales') })).toEqual(['en-US'])
})
