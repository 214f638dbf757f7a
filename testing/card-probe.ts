import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { partitionOf, withSbin } from './emulated-pi.ts'

type SlotFile = { path: string; text: string; mode?: number }

/**
 * Puts files into a slot of a card, in place of those that are there, as if its builder had done it.
 */
export function writeIntoSlot(card: string, slot: 2 | 3, files: readonly SlotFile[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'balai-slot-'))
  const words = files.flatMap(({ path, text, mode = 0o644 }, index) => {
    const source = join(folder, String(index))
    writeFileSync(source, text, { mode })
    const folders = dirname(path)
      .split('/')
      .filter(Boolean)
      .map((_, at, all) => `mkdir /${all.slice(0, at + 1).join('/')}`)
    const name = basename(path)
    return [...folders, `rm ${path}`, `cd ${dirname(path)}`, `write ${source} ${name}`, 'cd /']
  })
  const list = join(folder, 'words')
  writeFileSync(list, `${words.join('\n')}\n`)
  const place = `${card}?offset=${partitionOf(card, slot).start}`
  // Folders that are there already, and files that are not, are said as errors.
  const { status, stderr } = spawnSync('debugfs', ['-w', '-f', list, place], { encoding: 'utf8', env: withSbin })
  rmSync(folder, { recursive: true, force: true })
  if (status !== 0) throw new Error(`debugfs: ${stderr}`)
}

/** What the kernel of a booted card counts. Bytes of disks since the start; `written` by process, its name as the key. */
export type Counted = {
  upS: number
  availableMiB: number
  boxRssMiB: number
  diskBytes: number
  dataBytes: number
  written: Record<string, number>
}

const everyS = 10

/** Makes the card say on its serial line every ten seconds what its kernel counts; `readProbe` reads it. */
export function addProbe(card: string, slot: 2 | 3): void {
  writeIntoSlot(card, slot, [
    { path: '/usr/lib/balai/image/probe', text: probe, mode: 0o755 },
    {
      path: '/usr/lib/systemd/system/balai-probe.service',
      text: '[Service]\nExecStart=/usr/lib/balai/image/probe\n[Install]\nWantedBy=multi-user.target\n',
    },
    {
      path: '/usr/lib/systemd/system/multi-user.target.d/probe.conf',
      text: '[Unit]\nWants=balai-probe.service\n',
    },
  ])
}

const probe = `#!/bin/sh
while :; do
  box=$(systemctl show --value --property MainPID balai.service)
  up=$(cut -d ' ' -f 1 /proc/uptime)
  available=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
  rss=$(awk '/^VmRSS:/ { print $2 }' "/proc/$box/status" 2>/dev/null)
  disks=$(awk '$3 ~ /^(vda|sda|vda4|sda4)$/ { printf " %s=%s", $3, $10 }' /proc/diskstats)
  written=
  for process in /proc/[0-9]*; do
    bytes=$(awk '/^write_bytes:/ { print $2 }' "$process/io" 2>/dev/null)
    [ "\${bytes:-0}" -gt 0 ] && written="$written $(tr ' ' _ <"$process/comm")/\${process#/proc/}=$bytes"
  done
  echo "probe up=$up available=$available rss=\${rss:-0}$disks written:$written end" >/dev/ttyAMA0
  sleep ${everyS}
done
`

/** The last of what a card has said of itself, or null before the first. */
export function readProbe(said: string): Counted | null {
  const line = [...said.matchAll(/^probe (.*) written:(.*) end\r?$/gm)].at(-1)
  if (!line) return null
  const pairs = (text = '') =>
    text
      .trim()
      .split(' ')
      .filter(Boolean)
      .map((pair) => pair.split('=') as [string, string])
  const counted = new Map(pairs(line[1]))
  const sectors = (...names: string[]) => 512 * Number(names.map((name) => counted.get(name)).find(Boolean) ?? 0)
  const written: Record<string, number> = {}
  for (const [process, bytes] of pairs(line[2])) {
    const name = process.replace(/\/\d+$/, '')
    written[name] = (written[name] ?? 0) + Number(bytes)
  }
  return {
    upS: Number(counted.get('up')),
    availableMiB: Number(counted.get('available')) / 1024,
    boxRssMiB: Number(counted.get('rss')) / 1024,
    diskBytes: sectors('vda', 'sda'),
    dataBytes: sectors('vda4', 'sda4'),
    written,
  }
}
