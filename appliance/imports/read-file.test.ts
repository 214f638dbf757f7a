import type { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { keepFile } from '../../testing/import-files.ts'
import { inspectFile, type ReadOptions, readPeople } from './read-file.ts'

/* The thread that reads files, and its line to the box. */

const path = keepFile(['nik,nama', ...Array.from({ length: 1_200 }, (_, at) => `0,ORANG ${at}`)].join('\n'))
const plain: ReadOptions = { format: 'plain', sheet: null, fields: null, today: '2026-11-30', asOf: '2026-11-30' }

test('rows come 500 at a time, and the next when the last have been taken', async () => {
  expect(await inspectFile(path)).toMatchObject({ format: 'plain', kind: 'csv', sheet: null })
  const sizes: number[] = []
  let isTaking = false
  const counts = await readPeople(path, plain, async (rows) => {
    expect(isTaking).toBe(false)
    isTaking = true
    await new Promise((resolve) => setImmediate(resolve))
    isTaking = false
    sizes.push(rows.length)
  })
  expect(sizes).toEqual([500, 500, 200])
  expect(counts).toEqual({ rows: 1_200, skipped: 0 })
})

test('reading ends when it is told, and when the rows cannot be taken', async () => {
  const stop = new AbortController()
  const stopped = readPeople(path, { ...plain, signal: stop.signal }, async () => stop.abort(new Error('enough')))
  await expect(stopped).rejects.toThrow('enough')
  const full = readPeople(path, plain, async () => {
    throw new Error('disk full')
  })
  await expect(full).rejects.toThrow('disk full')
})

test('its thread ends by itself: looked at, read whole, given up amid the rows, and where the file is at fault', async () => {
  const exits: Promise<number>[] = []
  const hear = (worker: Worker) =>
    void exits.push(new Promise<number>((resolve) => worker.once('exit', (code) => resolve(code))))
  process.on('worker', hear)
  try {
    await inspectFile(path)
    await readPeople(path, plain, async () => {})
    const stop = new AbortController()
    const given = readPeople(path, { ...plain, signal: stop.signal }, async () => stop.abort(new Error('enough')))
    await expect(given).rejects.toThrow('enough')
    await expect(inspectFile(keepFile(''))).rejects.toThrow()
  } finally {
    process.off('worker', hear)
  }
  // A thread that is ended by force has 1.
  expect(await Promise.all(exits)).toEqual([0, 0, 0, 0])
})

test('what is wrong with a file comes with its code', async () => {
  await expect(inspectFile(keepFile(''))).rejects.toMatchObject({ kind: 'invalid', code: 'imports.empty' })
  const other = readPeople(path, { ...plain, format: 'opensid' }, async () => {})
  await expect(other).rejects.toMatchObject({ kind: 'invalid', code: 'imports.other-format' })
})
