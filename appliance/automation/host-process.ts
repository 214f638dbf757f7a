import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { hostFlags } from './host-flags.ts'

/** Where box and host meet. */
export type Meeting = { folder: string; socket: string; token: string; editor: string }

/** The runtime folders of the two units (provisioning/debian). */
const service: Meeting = {
  folder: '/run/balai',
  socket: '/run/balai/flows.sock',
  token: '/run/balai/flows.token',
  editor: '/run/balai-flows/editor.sock',
}

/** Under systemd the units' own folders; otherwise a fresh one that nobody else may open. */
export function findMeeting(isService: boolean): Meeting {
  if (isService) return service
  const folder = mkdtempSync(join(tmpdir(), 'balai-flows-'))
  const at = (name: string) => join(folder, name)
  return { folder, socket: at('box.sock'), token: at('token'), editor: at('editor.sock') }
}

export const removeSecret = ({ token }: Meeting) => rmSync(token, { force: true })

export const writeSecret = ({ token }: Meeting, secret: string) => writeFileSync(token, secret, { mode: 0o600 })

const againMs = 1_000
/** From the word to end until it is ended, and from then until nobody waits any more. */
const [endMs, goneMs] = [3_000, 2_000]

/**
 * Keeps `balai flows` running for as long as this box does, where no systemd does: with the last claim to the processor,
 * and the first to be ended when memory is short. Returns what stops it.
 */
export function spawnHost(meeting: Meeting, command: readonly string[], log: Pick<FastifyBaseLogger, 'warn'>) {
  let child: ChildProcess | null = null
  const stopping = new AbortController()

  async function keepRunning(): Promise<void> {
    while (!stopping.signal.aborted) {
      await runOnce()
      await sleep(againMs, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }

  function runOnce(): Promise<void> {
    const words = ['flows', '--socket', meeting.socket, '--token-file', meeting.token, '--editor', meeting.editor]
    const whole = [...command, ...words]
    const [program = '', ...rest] = existsSync('/usr/bin/chrt') ? ['/usr/bin/chrt', '-i', '0', ...whole] : whole
    return new Promise((resolve) => {
      child = spawn(program, rest, {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, NODE_OPTIONS: hostFlags },
      })
      child.stderr?.on('data', (text: Buffer) => log.warn({ flows: text.toString().trim().slice(0, 500) }, 'flows'))
      child.once('error', (error) => {
        log.warn({ err: error }, 'the flows could not be started')
        resolve()
      })
      child.once('exit', () => resolve())
    })
  }

  const running = keepRunning()
  return async (): Promise<void> => {
    stopping.abort()
    child?.kill('SIGTERM')
    await Promise.race([running, sleep(endMs, undefined, { ref: false })])
    child?.kill('SIGKILL')
    // Last in line for the processor, it may be long in dying on a busy machine: the box does not wait for that.
    await Promise.race([running, sleep(goneMs, undefined, { ref: false })])
    child?.unref()
    child?.stderr?.destroy()
    rmSync(meeting.folder, { recursive: true, force: true })
  }
}
