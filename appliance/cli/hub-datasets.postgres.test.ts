import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HubConfig } from '../../regency/base/config.ts'
import { loadVillages } from '../../regency/base/villages.ts'
import { makeTestFolder, openTestDatabase } from '../../testing/hub-parts.ts'
import { runDatasetAction } from './hub-datasets.ts'

let opened: Awaited<ReturnType<typeof openTestDatabase>>
const { folder, remove } = makeTestFolder('publish')
beforeAll(async () => {
  opened = await openTestDatabase()
  const rows = Array.from({ length: 12 }, (_, n) => ({
    ...{ village: `35100${n < 6 ? 1 : 2}20${String(n).padStart(2, '0')}`, kind: 'desa' as const, name: `Uji ${n}` },
    ...{ district_code: `35100${n < 6 ? 1 : 2}`, district: 'Uji' },
  }))
  await loadVillages(opened.database, rows, '2026-11-29', { drop: 0 })
})
afterAll(async () => {
  await opened.close()
  remove()
})

const by = { account: null, actor: 'command line (uji)' }
const plain = { to: 'all', stage: 'all', note: '', yes: true, by }
const run = (
  action: 'publish' | 'take-back' | 'datasets',
  words: string[],
  options: Partial<Parameters<typeof runDatasetAction>[3]> = {},
) =>
  runDatasetAction(action, words, { postgres: { url: opened.server.url, pool: 1 } } as HubConfig, {
    ...plain,
    ...options,
  })
function file(text: string): string {
  const path = join(folder, 'holidays.csv')
  writeFileSync(path, text)
  return path
}

test('a publication shows what it changes, goes out by stages, is extended, taken back and listed', async () => {
  expect(await run('datasets', [])).toBe('Nothing was ever published.\n')
  const first = file('day,name\n2026-12-25,Natal')
  const asked: string[] = []
  const no = async (shown: string) => asked.push(shown) < 0
  expect(await run('publish', ['holidays', first], { yes: false, ask: no })).toBe('Nothing was published.\n')
  expect(asked).toEqual(['The first version of holidays:\n+ 2026-12-25 Natal\n1 new, 0 gone, 0 changed, 0 as before\n'])

  expect(await run('publish', ['holidays', first], { stage: '1' })).toContain(
    'holidays version 1 goes to 1 of 12 villages.\nWhen it has shown to be good: balai hub publish holidays --to all --stage all\n',
  )
  expect(await run('publish', ['holidays'], { stage: '10' })).toContain('version 1 goes to 10 of 12 villages')
  expect(await run('publish', ['holidays'])).toBe('holidays version 1 goes to 12 of 12 villages.\n')
  expect(await run('publish', ['holidays', file('day,name\n2026-12-25,Hari Natal')], { to: '35.10.01' })).toContain(
    'Against version 1:\n~ 2026-12-25 Hari Natal: name\n0 new, 0 gone, 1 changed, 0 as before\nholidays version 2 goes to 6 of 6 villages.',
  )
  expect(await run('take-back', ['holidays'])).toBe('holidays version 3 goes to 6 of 6 villages.\n')
  expect(await run('datasets', [])).toMatch(
    /^holidays {5}version 3 of \d{4}-\d{2}-\d{2} by command line \(uji\): offered to 6, 0 have it\n$/,
  )
})

test('what is mistyped is said before anything happens', async () => {
  const refused = async (work: Promise<string>) =>
    work.then(
      () => 'went out',
      (error: Error) => error.message,
    )
  expect(await refused(run('publish', ['holiday']))).toBe(
    'There is no dataset "holiday". There are: services, holidays, hours, agencies, indicators, flows, letter-templates, residents',
  )
  expect(await refused(run('publish', ['holidays', file('day,name\n2026-13-01,x\nx,y')]))).toMatch(
    /holidays\.csv\n {2}line 2: day: .*\n {2}line 3: day: .*\nNothing was published\.$/s,
  )
  expect(await refused(run('publish', ['holidays'], { to: '3510' }))).toContain('--to is "3510"; allowed:')
  expect(await refused(run('publish', ['holidays'], { to: '351099' }))).toBe('351099 is not in villages.csv.')
  expect(await refused(run('publish', ['holidays'], { stage: '2' }))).toBe('--stage is "2"; allowed: 1, 10, all')
  expect(await refused(run('publish', ['hours']))).toBe('Nothing was ever published of hours.')
  expect(await refused(run('take-back', ['hours']))).toBe('There is no version of hours to go back to.')
  expect(await refused(run('publish', ['holidays', join(folder, 'absent.csv')]))).toContain('absent.csv')
})
