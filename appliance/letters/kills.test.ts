import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createRandom } from '../../bench/simulate/random.ts'
import { judgeRegister, openWriting, writeLetters } from '../../testing/write-letters.ts'

// 2,000 letters and 30 kills: npm run bench -- letters.
test('four clerks at once and kill -9 now and then: no number twice, none left out, each that was confirmed is there', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-letters-kills-'))
  const writing = await openWriting(folder)
  try {
    const confirmed = await writeLetters(writing, { count: 160, kills: 4, random: createRandom(21) })
    await writing.box.pause()
    expect(confirmed.size).toBe(160)
    expect(judgeRegister(folder, confirmed)).toEqual({ issued: 160, gaps: 0, doubled: 0, lost: 0 })
  } finally {
    await writing.box.pause()
    rmSync(folder, { recursive: true, force: true })
  }
})
