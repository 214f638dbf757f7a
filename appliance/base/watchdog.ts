import { spawn } from 'node:child_process'

const beatEveryMs = 1_000

/**
 * The watching side, a shell: a thread of Node is a second V8 of 12 MiB, this one is of one. It is given the process, how
 * many looks may go by without a beat, and the seconds of a look; it ends with the process, whose end closes its input.
 * Looks are counted, not time, and those do not count in which the process was stopped (T).
 */
const watcher = `
trap '' INT TERM HUP
silent=0
while [ $silent -lt $2 ]; do
  read -r -t $3 _
  got=$?
  if [ $got -eq 0 ]; then silent=0; continue; fi
  [ $got -gt 128 ] || exit 0
  read -r _ _ state _ < /proc/$1/stat || exit 0
  [ $state = T ] || silent=$((silent + 1))
done
echo "balai: nothing got on for $4 s; the program ends itself, to be started anew" >&2
kill -KILL $1
`

/**
 * Ends this process (SIGKILL, with a line on standard error) when its event loop stands for `limitMs`: a loop without end
 * answers nobody, and no signal either. The service manager starts it anew, and the journal has every confirmed step. Work
 * that takes long in one piece calls `beat` as it gets on. A process that was stopped and goes on (SIGSTOP, a machine
 * asleep) is not taken for one that hangs.
 */
export function startWatchdog({
  limitMs = 20_000,
  isAlive = () => {},
  onFailure,
}: {
  limitMs?: number
  /** Asked a few times within the limit; what it throws is logged, and the process ends unless it stops throwing. */
  isAlive?: () => void
  onFailure: (error: unknown) => void
}) {
  const lookEveryMs = Math.min(1_000, limitMs / 4)
  const looks = Math.ceil(limitMs / lookEveryMs)
  const given = [process.pid, looks, lookEveryMs / 1_000, Math.round(limitMs / 1_000)]
  const child = spawn('bash', ['-c', watcher, 'balai-watchdog', ...given.map(String)], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  let stopped = false
  // Without its watchdog the office goes on as well.
  const failed = (error: unknown) => {
    if (!stopped) onFailure(error)
    stopped = true
  }
  child.on('error', failed)
  child.on('exit', (code, signal) => failed(new Error(`The watchdog ended with ${signal ?? code}.`)))
  child.stdin.on('error', failed)
  child.unref()

  const everyMs = Math.min(beatEveryMs, lookEveryMs)
  let beatenAt = 0
  /** Written at once, also in the middle of work; not so often that it wakes the watcher more than it has to look. */
  const beat = () => {
    const now = performance.now()
    if (stopped || now - beatenAt < everyMs / 2) return
    beatenAt = now
    child.stdin.write('\n')
  }

  const askEvery = Math.max(1, Math.floor(limitMs / 4 / everyMs))
  let turns = 0
  let alive = true
  const timer = setInterval(() => {
    if (turns++ % askEvery === 0) {
      try {
        isAlive()
        alive = true
      } catch (error) {
        if (alive) onFailure(error)
        alive = false
      }
    }
    if (alive) beat()
  }, everyMs)
  timer.unref()
  return {
    beat,
    stop(): void {
      stopped = true
      clearInterval(timer)
      child.stdin.destroy()
    },
  }
}
