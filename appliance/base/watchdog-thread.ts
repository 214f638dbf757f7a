import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import type { Watched } from './watchdog.ts'

/* The watchdog's side, which needs no event loop of its own. Looks are counted, not time: both threads stand together. */

const { counter, looks, lookEveryMs } = workerData as Watched
const stderr = 2

let seen = Atomics.load(counter, 0)
for (let same = 0; same < looks; same++) {
  Atomics.wait(counter, 0, seen, lookEveryMs)
  // A beat does not wake it, or it would look as often as work gets on.
  const now = Atomics.load(counter, 0)
  if (now === seen) continue
  seen = now
  same = -1
}
writeSync(
  stderr,
  `balai: nothing got on for ${Math.round((looks * lookEveryMs) / 1_000)} s; the program ends itself, to be started anew\n`,
)
process.kill(process.pid, 'SIGKILL')
