import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, test } from 'vitest'
import { freePort } from '../../testing/servers.ts'
import { openTestBox, type TestBox } from '../../testing/test-box.ts'

let box: TestBox | null = null
afterEach(() => box?.remove())

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** MiB of JavaScript and of buffers that are still held. */
function heldMiB(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1024 ** 2
}

test('F48: a box that writes on without a line holds its backlog on the disk and not in memory', async () => {
  box = await openTestBox({ mqtt: { url: `mqtt://127.0.0.1:${await freePort()}`, keepalive_s: 30 } })
  const { office, relay, store } = box
  // What the disk is asked to hold is not the matter here, and takes two minutes.
  store.db.pragma('synchronous = OFF')
  const write = (count: number) => {
    for (let i = 0; i < count; i++)
      office.changeNotice({ text: `Pengumuman ${i} ${'x'.repeat(250)}`, actor: 'box', key: null })
  }
  write(2_000)
  const before = heldMiB()
  // More than 7 MB of entries: whoever kept them would show it.
  for (let weeks = 0; weeks < 6; weeks++) {
    write(2_000)
    box.time.advance(7 * 24 * 3_600_000)
  }
  expect(relay.view().waiting).toBeGreaterThan(14_000)
  expect(heldMiB() - before).toBeLessThan(3)
})
