import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

/* Processes of their own, watched over with a limit of one second. */

const watchdog = join(import.meta.dirname, 'watchdog.ts')
const folder = mkdtempSync(join(tmpdir(), 'balai-watchdog-'))
let count = 0
afterAll(() => rmSync(folder, { recursive: true }))

/** Runs `work` with the watchdog as `dog`; `said` is what it printed once it has ended. */
async function run(work: string, meanwhile: (child: ChildProcess) => Promise<void> = async () => {}) {
  const program = `import { startWatchdog } from ${JSON.stringify(watchdog)}
    const dog = startWatchdog({ limitMs: 1_000, onFailure: (error) => { throw error } })
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
    const block = (ms) => { for (const from = performance.now(); performance.now() - from < ms; ); }
    await sleep(300)
    process.stdout.write('begun\\n')
    ${work}
    process.stdout.write('got through\\n')
    await dog.stop()`
  const file = join(folder, `${count++}.mjs`)
  writeFileSync(file, program)
  const child = spawn(process.execPath, [file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const begun = Promise.withResolvers<void>()
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('begun')) begun.resolve()
    })
  const closed = once(child, 'close')
  await begun.promise
  await meanwhile(child)
  await closed
  return { said, signal: child.signalCode, code: child.exitCode }
}

test('a loop without end ends the process, which says so', async () => {
  const { said, signal } = await run('for (;;);')
  expect(signal).toBe('SIGKILL')
  expect(said).toMatch(/balai: nothing got on for 1 s/)
})

test('long work that gets on is let alone', async () => {
  const { said, code } = await run('for (let piece = 0; piece < 12; piece++) { block(200); dog.beat() }')
  expect([code, said]).toEqual([0, expect.stringContaining('got through')])
})

test('a process that was stopped and goes on is let alone', async () => {
  const { said, code } = await run('await sleep(1_500)', async (child) => {
    child.kill('SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    child.kill('SIGCONT')
  })
  expect([code, said]).toEqual([0, expect.stringContaining('got through')])
})

test('a program that is no longer alive by its own word is ended, and what it says is heard once', async () => {
  const { said, signal } = await run(`
    let failed = 0
    await dog.stop()
    startWatchdog({ limitMs: 1_000, isAlive: () => { throw new Error('no write') }, onFailure: () => failed++ })
    await sleep(700)
    process.stdout.write('failed ' + failed + '\\n')
    await sleep(5_000)`)
  expect([signal, said]).toEqual(['SIGKILL', expect.stringContaining('failed 1\n')])
})
