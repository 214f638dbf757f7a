import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/*
 * A Debian root that a test may change: the machine's own Debian below, everything that is written above it in memory
 * (overlayfs), in one mount name space that lives as long as the root. No download, half a second. Needs root. systemd does
 * not run in it, as on a card that is being prepared.
 */

const repository = join(import.meta.dirname, '..')
const mountTimeoutMs = 20_000

export const mayMount = process.getuid?.() === 0

/**
 * Another Debian than the machine's, made of its packages in some twenty seconds; whoever makes it removes it. It is what a
 * fresh card holds, without a kernel.
 */
export function makeDebian(suite: 'trixie'): { folder: string; remove(): void } {
  const folder = mkdtempSync(join('/var/tmp', `balai-${suite}-`))
  const packages = '--include=ca-certificates,openssl,adduser,systemd,procps,libstdc++6'
  execFileSync('mmdebstrap', ['--variant=minbase', packages, suite, folder, 'http://deb.debian.org/debian'], {
    stdio: 'ignore',
  })
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** `lower`: the Debian that it begins as. */
export function openDebianRoot({ lower = '/' }: { lower?: string } = {}) {
  const folder = mkdtempSync('/dev/shm/balai-root-')
  const [upper, work, top] = ['upper', 'work', 'top'].map((name) => join(folder, name)) as [string, string, string]
  for (const one of [upper, work, top]) mkdirSync(one)
  const ready = join(folder, 'ready')
  const mounts = [
    `mount -t overlay overlay -o lowerdir=${lower},upperdir=${upper},workdir=${work} ${top}`,
    `mount --rbind /proc ${top}/proc`,
    `mount --rbind /dev ${top}/dev`,
    `mkdir -p ${top}${repository} && mount --bind ${repository} ${top}${repository}`,
    `touch ${ready}`,
    'exec sleep infinity',
  ]
  const holder = spawn('unshare', ['--mount', 'sh', '-ec', mounts.join('\n')], { stdio: 'ignore' })
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let waitedMs = 0; !existsSync(ready); waitedMs += 20) {
    if (waitedMs > mountTimeoutMs) throw new Error(`No Debian root could be mounted in ${folder}.`)
    Atomics.wait(pause, 0, 0, 20)
  }
  const wordsFor = (command: readonly string[], environment: readonly string[]) => [
    ...[`--mount=/proc/${holder.pid}/ns/mnt`, 'chroot', top],
    ...['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', ...environment, ...command],
  ]

  return {
    /** Starts a command inside; its process is the program itself. */
    start: (command: readonly string[], environment: readonly string[] = []) =>
      spawn('nsenter', wordsFor(command, environment), { stdio: ['ignore', 'pipe', 'pipe'] }),
    /** What was written so far, as a folder. */
    written: upper,
    /** Runs a command inside and waits for it. `environment`: NAME=value. */
    run(command: readonly string[], environment: readonly string[] = [], input = '') {
      const { status, stdout, stderr } = spawnSync('nsenter', wordsFor(command, environment), {
        ...{ encoding: 'utf8', input },
      })
      return { status, stdout, stderr }
    },
    remove(): void {
      holder.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
