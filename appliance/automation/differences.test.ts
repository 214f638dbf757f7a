import { expect, test } from 'vitest'
import { findDifferences } from './differences.ts'
import { missingTypes, parseFlows } from './flow-file.ts'

const speak = { id: 'b', type: 'balai speak', name: 'Suara', volume: 60, x: 10, y: 20, wires: [] }
const entries = { id: 'a', type: 'balai entries', name: '', wires: [['b']], x: 1, y: 1 }

test('a changed member is said with the name of its node, before and after', () => {
  expect(findDifferences([entries, speak], [entries, { ...speak, volume: 80 }])).toEqual([
    { what: 'changed', node: 'Suara', type: 'balai speak', member: 'volume', from: '60', to: '80' },
  ])
})

test('a node that was only moved on the sheet is no difference', () => {
  expect(findDifferences([entries, speak], [entries, { ...speak, x: 400, y: 300 }])).toEqual([])
})

test('wires are said by the names of the nodes that they lead to', () => {
  expect(findDifferences([entries, speak], [{ ...entries, wires: [[]] }, speak])).toEqual([
    { what: 'changed', node: 'balai entries', type: 'balai entries', member: 'wires', from: 'Suara', to: null },
  ])
})

test('what came and what went is said by name', () => {
  expect(findDifferences([entries], [speak])).toEqual([
    { what: 'added', node: 'Suara', type: 'balai speak' },
    { what: 'removed', node: 'balai entries', type: 'balai entries' },
  ])
})

test.each([
  ['no JSON', 'xx', 'flow.not-json'],
  ['no list', '{}', 'flow.not-nodes'],
  ['a node without a type', '[{"id":"a"}]', 'flow.not-nodes'],
  ['two nodes with one id', '[{"id":"a","type":"b"},{"id":"a","type":"c"}]', 'flow.not-nodes'],
  ['ten megabytes', `["${'x'.repeat(10_000_000)}"]`, 'flow.too-large'],
])('a flow file that is %s is refused by name', (_what, text, code) => {
  expect(() => parseFlows(text)).toThrow(expect.objectContaining({ code }))
})

test('types that are not known here are named once, and what every Node-RED has is none of them', () => {
  const nodes = parseFlows(
    '[{"id":"1","type":"tab"},{"id":"2","type":"exec"},{"id":"3","type":"exec"},{"id":"4","type":"inject"}]',
  )
  expect(missingTypes(nodes, new Set(['inject']))).toEqual(['exec'])
})
