import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

/*
 * A room is added by its folder, its page, its fold and a line in each of four lists. This does so with a copy of the
 * sources, and lets the new room's own tests, and those that hold the house together, run there.
 */

const root = join(import.meta.dirname, '..')
const copy = mkdtempSync(join(tmpdir(), 'balai-toy-'))
const files = ['appliance', 'regency', 'provisioning', 'testing', 'bench', 'ARCHITECTURE.md', 'CHANGELOG.md', '.ci']
const settings = ['package.json', 'tsconfig.json', 'vite.config.ts', 'vitest.config.ts']

beforeAll(() => {
  for (const path of [...files, ...settings]) cpSync(join(root, path), join(copy, path), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const house of ['appliance', 'regency'])
    cpSync(join(root, 'testing', 'toy-room', house), join(copy, house), { recursive: true })
  rmSync(join(copy, 'testing', 'toy-room'), { recursive: true })

  // The four lines, and the imports that come with them.
  addLine('appliance/rooms.ts', 'export const rooms = [', '  guestbookRoom,', 'before the end')
  addImport('appliance/rooms.ts', "import { guestbookRoom } from './guestbook/room.ts'")
  addLine('appliance/open-box.ts', '  const reports = openReports(', '  openGuestbook(base, { office })')
  addImport('appliance/open-box.ts', "import { openGuestbook } from './guestbook/open.ts'")
  addLine('regency/folds.ts', 'const rooms: readonly Fold[] = [', 'guestbookFold, ', 'within')
  addImport('regency/folds.ts', "import { guestbookFold } from './folds/guestbook.ts'")
  appendFileSync(join(copy, 'CHANGELOG.md'), '- A guest book.\n')
  // ARCHITECTURE says of each room what it is.
  addLine('ARCHITECTURE.md', '| `appliance/queue` |', '| `appliance/guestbook` | what visitors say |')
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

test('it compiles, and what it may not write does not', () => {
  expect(run('tsc', ['--noEmit'])).toBe('')
}, 240_000)

test('its own tests hold, and those of the house', () => {
  run('vite', ['build', '--logLevel', 'warn'])
  const house = ['appliance/rooms.test.ts', 'appliance/imports.test.ts', 'appliance/pages/messages.test.ts']
  run('vitest', [
    ...['run', '--project', 'sources', '--testTimeout', '120000'],
    ...['appliance/guestbook', 'regency/folds/folding', ...house],
  ])
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(
    readFileSync(join(copy, 'artifacts', 'results.json'), 'utf8'),
  )
  const failed = testResults.flatMap(({ assertionResults }: { assertionResults: Assertion[] }) =>
    assertionResults
      .filter(({ status }) => status !== 'passed')
      .map(({ title, failureMessages }) => `${title}: ${failureMessages[0]?.slice(0, 1_000)}`),
  )
  expect([failed, numFailedTests]).toEqual([[], 0])
  expect(numPassedTests).toBeGreaterThan(20)
}, 240_000)

function run(command: string, args: readonly string[]): string {
  try {
    return execFileSync(join(copy, 'node_modules', '.bin', command), args, {
      cwd: copy,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 64e6,
    })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    // A failed test is in the report; whatever else failed is said as it is.
    if (existsSync(join(copy, 'artifacts', 'results.json'))) return stdout
    throw new Error(`${command}: ${stdout}${stderr}`)
  }
}

function change(path: string, by: (text: string) => string): void {
  const text = readFileSync(join(copy, path), 'utf8')
  const changed = by(text)
  if (changed === text) throw new Error(`${path} has no place for the line any more.`)
  writeFileSync(join(copy, path), changed)
}

const addImport = (path: string, line: string): void => change(path, (text) => `${line}\n${text}`)

type Assertion = { status: string; title: string; failureMessages: string[] }

/** Behind the line that begins so, within it, or before the end of the list that begins there. */
function addLine(path: string, after: string, line: string, where: 'behind' | 'within' | 'before the end' = 'behind') {
  change(path, (text) => {
    const at = text.indexOf(after)
    if (at < 0) return text
    if (where === 'within') return text.slice(0, at + after.length) + line + text.slice(at + after.length)
    const end = text.indexOf(where === 'behind' ? '\n' : '\n]', at)
    return `${text.slice(0, end)}\n${line}${text.slice(end)}`
  })
}
