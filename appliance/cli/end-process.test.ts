import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const endProcess = join(import.meta.dirname, 'end-process.ts')

/** Ends a process by 7, as one that has run for so long; `onExit`: what its end has to do first. */
function end({ ranMs, onExit }: { ranMs: number; onExit: string }) {
  const script = `
    const { endProcess } = await import(${JSON.stringify(endProcess)})
    performance.now = () => ${ranMs}
    process.on('exit', () => { ${onExit} })
    await endProcess(7)`
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', timeout: 60_000 })
}

test('a process ends by its code, whether it ran for long or not', () => {
  expect(end({ ranMs: 100, onExit: '' })).toMatchObject({ status: 7, stderr: '' })
  expect(end({ ranMs: 3_600_000, onExit: '' })).toMatchObject({ status: 7, stderr: '' })
})

test('an end that does not come is forced, with a line on standard error', () => {
  expect(end({ ranMs: 3_600_000, onExit: 'for (;;);' })).toMatchObject({
    ...{ status: null, signal: 'SIGKILL' },
    stderr: expect.stringContaining('nothing got on for 5 s; the program ends itself'),
  })
})
