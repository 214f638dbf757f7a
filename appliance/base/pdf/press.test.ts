import type { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { createPdfPress } from './press.ts'

test('the thread that sets a document ends by itself', async () => {
  const exits: Promise<number>[] = []
  const hear = (worker: Worker) =>
    void exits.push(new Promise<number>((resolve) => worker.once('exit', (code) => resolve(code))))
  process.on('worker', hear)
  const press = createPdfPress()
  try {
    const office = { village: '3510242008', name: 'Desa Tamansari', district: 'Licin' }
    const pdf = await press.print({ questionnaire: { office, services: ['KTP'] }, language: 'id', regency: null })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  } finally {
    process.off('worker', hear)
    await press.stop()
  }
  // A thread that is ended by force has 1.
  expect(await Promise.all(exits)).toEqual([0])
})
