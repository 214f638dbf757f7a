import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FlowNodeSet } from '../../appliance/automation/node-sets.ts'
import { folder, readFlow } from '../testing/node-red.ts'

const files = readdirSync(join(folder, 'flows')).filter((file) => file.endsWith('.json'))
const guides = readdirSync(join(folder, 'guides'))
const guideOf = (file: string) => guides.find((guide) => guide.slice(0, 2) === file.slice(0, 2)) ?? ''
const read = (guide: string) => readFileSync(join(folder, 'guides', guide), 'utf8')

/** Of Node-RED's own: what a box loads without being told. */
const closedPalette = ['tab', 'inject', 'debug', 'catch', 'function', 'switch', 'change', 'trigger']
const setOf: Record<string, FlowNodeSet> = {
  'mqtt in': 'mqtt',
  'mqtt out': 'mqtt',
  'mqtt-broker': 'mqtt',
  file: 'file',
}
const setsOf = (file: string) => [...new Set(readFlow(`flows/${file}`).flatMap(({ type }) => setOf[type] ?? []))]

test.each(files)('%s needs no more than the closed palette and the sets that its guide names', (file) => {
  const types = readFlow(`flows/${file}`).map(({ type }) => type)
  expect(types.filter((type) => !type.startsWith('balai') && !closedPalette.includes(type) && !setOf[type])).toEqual([])
  const guide = read(guideOf(file))
  expect(guide).toContain(file.replace('.json', ''))
  for (const set of setsOf(file)) expect(guide).toMatch(new RegExp(`nodes = \\[.*"${set}".*\\]`))
})

test('a guide asks for a set only where one of its flows does', () => {
  for (const guide of guides) {
    const needed = files.filter((file) => guideOf(file) === guide).flatMap(setsOf)
    const named = [...read(guide).matchAll(/^nodes = \[(.*)\]$/gm)].flatMap(([, sets]) => sets?.match(/[\w-]+/g) ?? [])
    expect(named.sort(), guide).toEqual([...new Set(needed)].sort())
  }
})

test.each(files)('%s hangs together, and stands beside the others on one box', (file) => {
  const flow = readFlow(`flows/${file}`)
  const ids = flow.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const node of flow) {
    for (const to of (node.wires ?? []).flat()) expect(ids, `${node.id} → ${to}`).toContain(to)
    if (node.box) expect(ids).toContain(node.box)
    if (node.broker && node.type !== 'mqtt-broker') expect(ids).toContain(node.broker)
    for (const to of Array.isArray(node.scope) ? node.scope : []) expect(ids).toContain(to)
  }
  const others = files.filter((one) => one !== file).flatMap((one) => readFlow(`flows/${one}`).map(({ id }) => id))
  expect(ids.filter((id) => others.includes(id))).toEqual(['balai-this-box'])
})

test.each(guides)('%s is a page with a picture, what to try and what goes wrong', (guide) => {
  const text = read(guide)
  expect(text.split('\n').length).toBeLessThan(80)
  expect(text).toMatch(/^# \d\. /)
  for (const part of ['```\n', '**Perlu:**', '## Coba', '## Bila tidak jalan']) expect(text).toContain(part)
  const labels = files
    .filter((file) => guideOf(file) === guide)
    .flatMap((file) => readFlow(`flows/${file}`).map(({ name }) => String(name ?? '')))
  const named = [...text.matchAll(/node \*([^*…]+)\*/g)].map(([, name]) => name ?? '')
  expect(named.filter((name) => !labels.includes(name))).toEqual([])
})
