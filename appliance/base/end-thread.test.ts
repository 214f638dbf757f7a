import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { endThread } from './end-thread.ts'

const start = (code: string) => new Worker(code, { eval: true })
const exitOf = (worker: Worker) => new Promise<number>((resolve) => worker.once('exit', resolve))

test('a thread that ends when it is asked is waited for, and once more costs nothing', async () => {
  const worker = start(`
    const { parentPort } = require('node:worker_threads')
    parentPort.once('message', () => process.exit(7))`)
  const exit = exitOf(worker)
  worker.postMessage('end')
  await endThread(worker)
  expect(await exit).toBe(7)
  await endThread(worker)
})

test('one that does not is ended by force, and one that falls over is no failure of its end', async () => {
  const stubborn = start('for (;;);')
  await endThread(stubborn, 50)
  expect(stubborn.threadId).toBe(-1)
  const falling = start(`
    const { parentPort } = require('node:worker_threads')
    parentPort.once('message', () => { throw new Error('too late') })`)
  falling.postMessage('end')
  await endThread(falling)
})
