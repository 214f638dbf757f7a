import { type ChildProcess, spawn } from 'node:child_process'
import type { Base } from '../base/rooms/base.ts'

const everyMs = 30_000

type Parts = {
  /** `balai-3510242008.local` */
  name: string
  /** Where others in the office reach this machine; an address of this machine alone is told to nobody. */
  address: () => string
  log: Pick<Base['log'], 'debug'>
}

/**
 * Says a second name of this machine on the office's network by mDNS, through Avahi (`avahi-publish`), for as long as the
 * program runs: `balai.local` is whichever box was there first, this one is nobody else's. Where there is no Avahi nothing
 * happens, and it is tried again.
 */
export function publishAlias({ name, address, log }: Parts) {
  let said: { address: string; by: ChildProcess } | null = null

  function look(): void {
    const now = address()
    if (said?.address === now) return
    said?.by.kill()
    said = null
    if (now.startsWith('127.')) return
    // -R: the address goes on being the machine's own name, when somebody asks the other way round.
    const by = spawn('avahi-publish', ['--address', '--no-reverse', name, now], { stdio: 'ignore' })
    const one = { address: now, by }
    said = one
    const ended = (why: unknown) => {
      if (said === one) said = null
      log.debug({ name, why }, 'the second name is not said on the network; tried again')
    }
    by.on('error', ended)
    by.on('exit', ended)
  }

  look()
  const timer = setInterval(look, everyMs)
  timer.unref()
  return {
    /** The addresses may have changed. */
    look,
    stop(): void {
      clearInterval(timer)
      said?.by.removeAllListeners('exit')
      said?.by.kill()
    },
  }
}
