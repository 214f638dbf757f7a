import { expect, test } from 'vitest'
import { createVillageQueues, type Share, type Waiting } from './village-queues.ts'

type Task = Waiting & { run: () => Promise<void> }

const runAll = async (_village: string, turn: readonly Task[]) => {
  await Promise.all(turn.map(({ run }) => run()))
}

/** A message whose turn ends when it is told to. */
function controlled(name: string, log: string[], share: Share | null = null) {
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  let prepared = false
  const task: Task = {
    bytes: 10,
    prepare: () => {
      if (!prepared) log.push(`${name} prepared`)
      prepared = true
      return share
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

test('messages of one village wait for each other; villages run side by side', async () => {
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
  const runs = () => log.filter((line) => line.endsWith('runs'))
  expect(runs()).toEqual(['a1 runs', 'b1 runs'])
  b1?.end()
  await settled()
  expect(runs()).toEqual(['a1 runs', 'b1 runs', 'c1 runs'])
  a1?.end()
  await settled()
  expect(runs()).toEqual(['a1 runs', 'b1 runs', 'c1 runs', 'a2 runs'])
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
  expect(log).toEqual(['1 prepared', '1 runs', '2 prepared'])
  first?.end()
  await settled()
  expect(log).toEqual(['1 prepared', '1 runs', '2 prepared', '2 runs', '3 prepared'])
  second?.end()
  third?.end()
  await turns.settle()
})

test('messages that wait and say the same share a turn: eight of them, while they hold less than a megabyte', async () => {
  const log: string[] = []
  const turns = createVillageQueues(1, async (_village, turn: readonly Task[]) => {
    log.push(`turn of ${turn.length}`)
    await runAll('a', turn)
  })
  const shares = [null, ...new Array(9).fill(['e', 1]), ['f', 1], null, ['f', 900_000], ['f', 900_000], ['f', 1]]
  const waiting = shares.map((share, index) =>
    controlled(String(index), [], share && { with: share[0], bytes: share[1] }),
  )
  for (const { task } of waiting) turns.enter('a', task)
  for (const { end } of waiting) end()
  await turns.settle()
  expect(log.map((line) => Number(line.slice(8)))).toEqual([1, 8, 1, 1, 1, 2, 1])
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
