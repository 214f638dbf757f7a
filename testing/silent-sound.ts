import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tie } from './end-child.ts'

/**
 * A PulseAudio whose only loudspeaker is none, for programs in `folder`, which is their home: it takes sound as fast as a
 * real one does. Where there is no device at all, Firefox ends each clip with an error and WebKit plays none.
 */
export async function startSilentSound(folder: string) {
  const socket = join(folder, 'pulse')
  const child = spawn(
    'pulseaudio',
    [
      ...[
        '-n',
        '--daemonize=no',
        '--exit-idle-time=-1',
        '--use-pid-file=no',
        '--log-target=stderr',
        '--log-level=error',
      ],
      ...['-L', 'module-null-sink', '-L', `module-native-protocol-unix socket=${socket} auth-anonymous=1`],
    ],
    { stdio: 'ignore', env: { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder, PULSE_RUNTIME_PATH: folder } },
  )
  tie(child)
  let failed = ''
  child.once('error', (error) => {
    failed = error.message
  })
  child.once('exit', (code) => {
    failed ||= `it ended with ${code}`
  })
  while (!existsSync(socket)) {
    if (failed) throw new Error(`PulseAudio does not start: ${failed}.`)
    await sleep(20)
  }
  return {
    /** For the environment of who is to be heard by nobody. */
    env: { PULSE_SERVER: `unix:${socket}` },
    child,
  }
}
