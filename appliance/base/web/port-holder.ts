import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const listening = '0A'

/**
 * Which program listens at a TCP port of this machine, `nginx (process 812)`, by Linux's tables of sockets and open files.
 * Null where nobody does, or where this user may not see it.
 */
export function portHolder(port: number): string | null {
  const sockets = new Set(['tcp', 'tcp6'].flatMap((table) => listenersOf(table, port)))
  if (sockets.size === 0) return null
  const process = tryTo(() => readdirSync('/proc'))?.find(
    (pid) => /^\d+$/.test(pid) && openFiles(pid).some((target) => sockets.has(target)),
  )
  return process ? `${tryTo(() => readFileSync(`/proc/${process}/comm`, 'utf8').trim())} (process ${process})` : null
}

/** `socket:[18213]` of each socket that listens at the port; `/proc/net/tcp` has ports in hexadecimal digits. */
function listenersOf(table: string, port: number): string[] {
  const rows = (tryTo(() => readFileSync(`/proc/net/${table}`, 'utf8')) ?? '').split('\n').slice(1)
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local = '', , state]) => state === listening && Number.parseInt(local.split(':')[1] ?? '', 16) === port)
    .map((columns) => `socket:[${columns[9]}]`)
}

const openFiles = (pid: string): string[] =>
  (tryTo(() => readdirSync(`/proc/${pid}/fd`)) ?? []).flatMap(
    (file) => tryTo(() => readlinkSync(`/proc/${pid}/fd/${file}`)) ?? [],
  )

/** A process may end while it is looked at, and another user's files are not shown. */
function tryTo<T>(work: () => T): T | null {
  try {
    return work()
  } catch {
    return null
  }
}
