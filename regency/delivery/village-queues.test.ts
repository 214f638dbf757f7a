import { expect, test } from 'vitest'
import { createVillageQueues, type Waiting } from './village-queues.ts'

type Task = Waiting & { run: () => Promise<void> }

const runAll = async (_village: string, turn: readonly Task[]) => {
  for (const { run } of turn) await run()
}

/** A task that ends when it is told to. */
function controlled(name: string, log: string[]) {
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const task = {
    bytes: 10,
    prepare: () => {
      log.push(`${name} prepared`)
      return null
    },
    run: async () => {
      log.push(`${name} runs`)
      await ended
    },
  }
  return { task, end }
}

/** A turn ends, and the process does whatever else it has to do, before the next one begins. */
async function settled() {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve))
}

test('messages of one village wait for each other and the next is prepared; villages run side by side', async () => {
  const log: string[] = []
  const turns = createVillageQueues(2, runAll)
  const [a1, a2, b1, c1] = ['a1', 'a2', 'b1', 'c1'].map((name) => controlled(name, log))
  for (const [village, one] of [
    ['a', a1],
    ['a', a2],
    ['b', b1],
    ['c', c1],
  ] as const)
    if (one) turns.enter(village, one.task)
  expect(log).toEqual(['a1 runs', 'b1 runs'])
  b1?.end()
  await settled()
  expect(log).toEqual(['a1 runs', 'b1 runs', 'c1 runs'])
  a1?.end()
  await settled()
  expect(log).toEqual(['a1 runs', 'b1 runs', 'c1 runs', 'a2 runs'])
  a2?.end()
  c1?.end()
  await turns.settle()
  expect([turns.waiting(), turns.waitingBytes()]).toEqual([0, 0])
})

test('the next message of a village is prepared while the one before it runs', async () => {
  const log: string[] = []
  const turns = createVillageQueues(1, runAll)
  const [first, second, third] = ['1', '2', '3'].map((name) => controlled(name, log))
  for (const one of [first, second, third]) if (one) turns.enter('a', one.task)
  first?.end()
  await settled()
  expect(log).toEqual(['1 runs', '2 runs', '3 prepared'])
  second?.end()
  third?.end()
  await turns.settle()
})

test('messages that wait for nothing let the process do its other work between them', async () => {
  const turns = createVillageQueues(1, runAll)
  const order: string[] = []
  const task = { bytes: 1, prepare: () => null, run: async () => void order.push('message') }
  setImmediate(() => order.push('other work'))
  for (let i = 0; i < 50; i++) turns.enter('a', task)
  await turns.settle()
  expect(order.indexOf('other work')).toBeLessThan(5)
})

test('a village that sends more than a box ever has on the way is full; others are not', () => {
  const turns = createVillageQueues(1, runAll)
  const { task } = controlled('a', [])
  while (!turns.isFull('a')) turns.enter('a', task)
  expect(turns.waiting()).toBeLessThan(100)
  expect(turns.isFull('b')).toBe(false)
})
