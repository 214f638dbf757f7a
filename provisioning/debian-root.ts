import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/*
 * A Debian root that a test may change: the machine's own Debian below, everything that is written above it in memory
 * (overlayfs), in a mount name space of its own. No download, half a second. Needs root. systemd does not run in it, as
 * on a card that is being prepared.
 */

const repository = join(import.meta.dirname, '..')

export const mayMount = process.getuid?.() === 0

export function openDebianRoot() {
  const folder = mkdtempSync('/dev/shm/balai-root-')
  const [upper, work, top] = ['upper', 'work', 'top'].map((name) => join(folder, name)) as [string, string, string]
  for (const one of [upper, work, top]) mkdirSync(one)
  const mounts = [
    `mount -t overlay overlay -o lowerdir=/,upperdir=${upper},workdir=${work} ${top}`,
    `mount --rbind /proc ${top}/proc`,
    `mount --rbind /dev ${top}/dev`,
    `mkdir -p ${top}${repository} && mount --bind ${repository} ${top}${repository}`,
    `exec chroot ${top} env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@"`,
  ]

  return {
    /** Starts a command inside; its process is the program itself. */
    start: (command: readonly string[], environment: readonly string[] = []) =>
      spawn('unshare', ['--mount', 'sh', '-ec', mounts.join('\n'), 'sh', ...environment, ...command], {
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    /** What was written so far, as a folder. */
    written: upper,
    /** Runs a command inside and waits for it. `environment`: NAME=value. */
    run(command: readonly string[], environment: readonly string[] = [], input = '') {
      const { status, stdout, stderr } = spawnSync(
        'unshare',
        ['--mount', 'sh', '-ec', mounts.join('\n'), 'sh', ...environment, ...command],
        { encoding: 'utf8', input },
      )
      return { status, stdout, stderr }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
