import { writeFileSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

/*
 * Ends this process when its main thread is silent or its memory too large. In the process itself, since the box may not
 * signal another user's, and memory limits of systemd may silently be nothing. A loop in a callback and a leak of buffers
 * are out of reach of V8's own walls.
 */

type Given = { shared: SharedArrayBuffer; silentS: number; mostBytes: number; endedFile: string }

function watch({ shared, silentS, mostBytes, endedFile }: Given): void {
  const beats = new Int32Array(shared)
  let seen = -1
  let silent = 0
  setInterval(() => {
    const now = Atomics.load(beats, 0)
    silent = now === seen ? silent + 1 : 0
    seen = now
    if (silent >= silentS) end('silent')
    else if (process.memoryUsage.rss() > mostBytes) end('memory')
  }, 1_000)

  function end(why: 'silent' | 'memory'): void {
    try {
      writeFileSync(endedFile, why)
    } catch {
      // Without the word it ends all the same.
    }
    process.kill(process.pid, 'SIGKILL')
  }
}

watch(workerData as Given)
