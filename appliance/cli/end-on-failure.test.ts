import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { withoutFlows } from '../../testing/programs.ts'
import { exitCode } from '../base/errors.ts'

/* The real program, with a fault planted in it that nothing catches. */

const program = join(import.meta.dirname, '..', 'balai.js')
const folder = mkdtempSync(join(tmpdir(), 'balai-unforeseen-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const faults = {
  exception: 'setTimeout(function planted() { throw new Error("planted") }, wait)',
  rejection: 'setTimeout(async function planted() { throw new Error("planted") }, wait)',
}
/** Each in a folder of its own. */
const configs = {
  serve: `village = "3510242008"\nname = "Desa Uji"\ndistrict = "Licin"\nzone = "WIB"\ndata = "box"\n[lan]\nhost = "127.0.0.1"\nhttp_port = 0\nhttps_port = 0\n${withoutFlows}`,
  hub: `name = "Kabupaten Uji"\ndata = "hub"\nvillages = "../villages.csv"\n[mqtt]\nurl = "mqtt://127.0.0.1:9"\n[postgres]\nurl = "postgres://me@127.0.0.1:1/none"\n[console]\nport = 0\n`,
}
writeFileSync(join(folder, 'villages.csv'), 'code,kind,name,district_code,district\n')

// Each waits for its fault: together they wait once.
test.concurrent.each([
  ['serve', 'exception'],
  ['serve', 'rejection'],
  ['hub', 'exception'],
  ['hub', 'rejection'],
] as const)('balai %s says where an %s came from that nothing caught, and ends', async (command, fault) => {
  const own = join(folder, `${command}-${fault}`)
  mkdirSync(own)
  writeFileSync(join(own, 'balai.toml'), configs[command])
  const plant = join(own, 'plant.mjs')
  // In the main thread only, once the program is at work: two seconds after it knows how to be stopped.
  writeFileSync(
    plant,
    `import { isMainThread } from 'node:worker_threads'
    const wait = 2_000
    const look = setInterval(() => {
      if (isMainThread && process.listenerCount('SIGTERM') === 0) return
      clearInterval(look)
      if (isMainThread) ${faults[fault]}
    }, 50)
`,
  )
  const child = spawn(process.execPath, ['--import', plant, program, command, '--config', 'balai.toml'], {
    cwd: own,
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text))
  const status = await new Promise((resolve) => child.once('exit', resolve))
  expect(status, said).toBe(exitCode.internal)
  const [fatal] = said.split('\n').filter((line) => line.includes('"level":60'))
  expect(JSON.parse(fatal ?? '{}').err).toMatchObject({ message: 'planted', stack: expect.stringContaining(plant) })
})
