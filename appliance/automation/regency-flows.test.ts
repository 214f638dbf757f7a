import { afterEach, beforeEach, expect, test } from 'vitest'
import { giveDataset, regencyKey } from '../../testing/give-dataset.ts'
import { openCaller } from '../../testing/office-by-http.ts'
import { furnish, openTestBox, type TestBox, testPin } from '../../testing/test-box.ts'

let box: TestBox
let made: Awaited<ReturnType<typeof furnish>>

beforeEach(async () => {
  box = await openTestBox({ hubKey: regencyKey })
  made = await furnish(box)
})
afterEach(() => box.remove())

const tab = (label: string) => ({ id: 'tab', type: 'tab', label })
const give = (label: string, version: number) => giveDataset(box, 'flows', { flows: [tab(label)] }, { version })
const newest = () => box.automation.view().versions[0]
const alarms = () => box.alarms.list().map(({ code }) => code)

async function technician() {
  const caller = openCaller(`http://localhost:${box.http.port}`)
  expect((await caller.send('POST', '/api/session', { account: made.technician, pin: testPin })).status).toBe(200)
  return caller
}

test('a set of the regency runs where nobody has changed flows, and a newer one after it', async () => {
  give('Satu', 1)
  await expect.poll(newest).toMatchObject({ version: 2, origin: 'regency', of: 1, author: 'hub' })
  give('Dua', 2)
  await expect.poll(newest).toMatchObject({ version: 3, origin: 'regency', of: 2 })
  expect(box.automation.versions.nodes(3)).toEqual([tab('Dua')])
})

test('what a technician has changed stays the village’s own until one takes the regency’s, and sees before what it changes', async () => {
  give('Satu', 1)
  await expect.poll(() => newest()?.origin).toBe('regency')
  const own = { flows: JSON.stringify([tab('Milik desa')]), credentials: '{}' }
  box.automation.versions.save({ ...own, author: made.technician, origin: 'editor' })
  give('Dua', 2)
  await expect.poll(() => box.automation.view().regency).toMatchObject({ version: 2, waits: 'changed-here' })
  await box.look()
  expect(newest()).toMatchObject({ version: 3, origin: 'editor' })
  expect(alarms()).toContain('automation.regency-waits')

  const person = await technician()
  expect((await person.call('GET', '/api/flows/regency/differences')).differences).toEqual([
    { what: 'changed', node: 'Dua', type: 'tab', member: 'label', from: 'Milik desa', to: 'Dua' },
  ])
  await person.call('POST', '/api/flows/regency/take', {})
  expect(newest()).toMatchObject({ version: 4, origin: 'regency', of: 2, author: 'Teknisi' })
  await box.look()
  expect(alarms()).not.toContain('automation.regency-waits')
  expect((await person.send('POST', '/api/flows/regency/take', { key: 'abcdefghijkl' })).body).toMatchObject({
    code: 'flow.nothing-waits',
  })
})

test('a regency that goes back to an older set is followed', async () => {
  give('Satu', 1)
  await expect.poll(() => newest()?.of).toBe(1)
  give('Dua', 2)
  await expect.poll(() => newest()?.of).toBe(2)
  box.datasets.rollBack({ dataset: 'flows', actor: made.technician, key: null })
  await expect.poll(newest).toMatchObject({ version: 4, origin: 'regency', of: 1 })
})

test('the head finds the text that a flow prepared, and nobody else does', async () => {
  box.automation.versions.keepSummary('Hari ini 12 orang dilayani.')
  const person = await technician()
  expect(await person.view('/live/flow-summary')).toMatchObject({ summary: { text: 'Hari ini 12 orang dilayani.' } })
  const clerk = openCaller(`http://localhost:${box.http.port}`)
  await clerk.send('POST', '/api/session', { account: made.clerks[0], pin: testPin })
  expect((await clerk.send('GET', '/api/live/flow-summary')).status).toBe(403)
})
