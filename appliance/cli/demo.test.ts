import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openCaller } from '../../testing/office-by-http.ts'
import { freePort } from '../../testing/servers.ts'

const program = join(import.meta.dirname, '..', 'balai.js')

type Display = { calls: { number: string }[] }

test('an office that plays by itself calls the first numbers of today, and stops when it is asked to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-demo-'))
  const port = String(await freePort())
  const demo = spawn(process.execPath, [program, 'demo', '--live', '--speed', '60', '--data', folder, '--port', port])
  onTestFinished(() => {
    demo.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  const ended = new Promise((resolve) => demo.once('exit', resolve))
  let said = ''
  for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (text) => (said += text))
  await expect.poll(() => said, { timeout: 120_000 }).toContain('60 times as fast')
  const caller = openCaller(/display +(http:\S+)\/display/.exec(said)?.[1] ?? '')
  await caller.send('POST', '/api/device', { kind: 'display' })
  const calls = async () => ((await caller.view('/live/display')) as Display).calls
  await expect.poll(calls, { timeout: 60_000 }).not.toEqual([])
  // Its past has higher ones: the day that the box went on with until it knew today's date is over.
  expect((await calls()).at(-1)?.number).toMatch(/^[A-H]00\d$/)
  demo.kill('SIGINT')
  expect(await ended).toBe(0)
  expect(said).not.toContain('"level":50')
}, 240_000)
