import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openKiosk, startBox } from '../../testing/programs.ts'

/*
 * What a real box wrote to its database's files, in order, with the bytes, the syncs and the answers between them:
 * recorded by strace from outside, so that nothing in the box knows of it.
 */

/** `file` is an inode: a name that was removed and made again is another one. */
export type DiskOp =
  | { kind: 'write'; file: number; offset: number; bytes: Buffer }
  | { kind: 'truncate'; file: number; size: number }
  | { kind: 'sync'; file: number }
  | { kind: 'create'; name: string; file: number }
  | { kind: 'unlink'; name: string }
  | { kind: 'sync-folder' }
  /** A citizen was told this ticket. */
  | { kind: 'answer'; ticket: string }

export type Recording = {
  before: { name: string; file: number; bytes: Buffer }[]
  ops: DiskOp[]
  /** What lay there at the end: what all of `ops` must lead to. */
  after: Map<string, Buffer>
}

const database = ['balai.db', 'balai.db-wal', 'balai.db-journal']
const calls = 'openat,pwrite64,write,writev,fsync,fdatasync,ftruncate,unlink'

type Scenario = { folder: string; village: string; service: string; tickets: number; nodeArgs?: readonly string[] }

/** Tickets are taken at a prepared box, it is stopped and started again (its last checkpoint, the WAL removed), more are taken, it is killed. */
export async function recordBox({ folder, village, service, tickets, nodeArgs = [] }: Scenario): Promise<Recording> {
  const log = join(folder, '..', 'strace.log')
  const start = join(folder, '..', 'before')
  mkdirSync(start)
  for (const name of database) if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(start, name))

  // -D: the box stays our child, so that a signal reaches it. -A: the second start goes on in the same file.
  const strace = ['strace', '-D', '-A', '-f', '-yy', '-x', '--seccomp-bpf', '-s', '200000', '-o', log, '-e', calls]
  const box = await startBox({ folder, village, under: strace, nodeArgs })
  try {
    await takeTickets(box.url, service, tickets)
    // Its last checkpoint stands in the file before the first line of the second start does.
    await untilWritten(log, box.pid(), box.pause)
    await box.restart()
    await takeTickets(box.url, service, Math.round(tickets / 5))
  } finally {
    await untilWritten(log, box.pid(), box.kill)
  }
  const before = database
    .filter((name) => existsSync(join(start, name)))
    .map((name, file) => ({ name, file, bytes: readFileSync(join(start, name)) }))
  const there = database.filter((name) => existsSync(join(folder, name)))
  return {
    before,
    ops: readOps(readFileSync(log, 'latin1'), folder, before),
    after: new Map(there.map((name) => [name, readFileSync(join(folder, name))])),
  }
}

async function takeTickets(url: string, service: string, count: number): Promise<void> {
  const kiosk = await openKiosk(url)
  for (let i = 0; i < count; i++) await kiosk.take(service)
}

/** Ends the box, and waits for the line that says so: strace outlives it, on a busy machine for longer than a start takes. */
async function untilWritten(log: string, box: number | undefined, end: () => Promise<void>): Promise<void> {
  await end()
  const ended = new RegExp(`^${box} +\\+\\+\\+ `, 'm')
  while (!ended.test(readFileSync(log, 'latin1'))) await sleep(50)
}

function readOps(log: string, folder: string, before: Recording['before']): DiskOp[] {
  const inodes = new Map(before.map(({ name, file }) => [name, file]))
  let nextFile = before.length
  const nameOf = (path: string) => (path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : '')

  function readCall(call: string, args: string): DiskOp[] {
    if (call === 'openat' || call === 'unlink') {
      const name = nameOf(/"([^"]*)"/.exec(args)?.[1] ?? '')
      if (!database.includes(name) || (call === 'openat' && (inodes.has(name) || !args.includes('O_CREAT')))) return []
      if (call === 'unlink') {
        inodes.delete(name)
        return [{ kind: 'unlink', name }]
      }
      inodes.set(name, nextFile)
      return [{ kind: 'create', name, file: nextFile++ }]
    }
    const path = /^\d+<([^>]*)>/.exec(args)?.[1] ?? ''
    if (path === folder) return call.endsWith('sync') ? [{ kind: 'sync-folder' }] : []
    if (call.startsWith('write')) return path.startsWith('TCP') ? readAnswers(args) : []
    const file = inodes.get(nameOf(path))
    if (file === undefined) return []
    if (call === 'ftruncate') return [{ kind: 'truncate', file, size: Number(/, (\d+)/.exec(args)?.[1]) }]
    if (call !== 'pwrite64') return [{ kind: 'sync', file }]
    const [from, to] = [args.indexOf(', "') + 3, args.lastIndexOf('", ')]
    const offset = Number(args.slice(to).split(', ')[2]?.split(')')[0])
    return [{ kind: 'write', file, offset, bytes: readString(args.slice(from, to)) }]
  }

  const unfinished = new Map<string, string>()
  return log.split('\n').flatMap((line): DiskOp[] => {
    const [, pid = '', rest = ''] = /^(\d+) +(.*)$/s.exec(line) ?? []
    const [, call, args] = /^(\w+)\((.*)$/s.exec(rest) ?? []
    // An answer may be read before the call that wrote it has come back, or the box is killed in it.
    if (call?.startsWith('write')) return readCall(call, args ?? '')
    if (rest.endsWith('<unfinished ...>')) {
      unfinished.set(pid, rest.slice(0, -'<unfinished ...>'.length))
      return []
    }
    const [, back, end] = /^<\.\.\. (\w+) resumed>(.*)$/s.exec(rest) ?? []
    // An answer was read where it began; what else its thread began before is not done a second time.
    if (back?.startsWith('write')) return []
    const whole = back ? (unfinished.get(pid) ?? '') + end : rest
    const [, ended, given] = /^(\w+)\((.*)$/s.exec(whole) ?? []
    // What failed changed nothing; a box that was killed in a call may have finished it or not, and told nobody.
    if (!ended || !given || !/\) += \d/.test(given.slice(-200))) return []
    return readCall(ended, given)
  })
}

const readAnswers = (args: string): DiskOp[] => {
  const text = /\\x/.test(args) ? readString(args).toString('latin1') : args.replaceAll('\\"', '"')
  const ticket = /HTTP\/1\.1 201 .*"ticket":"([\w-]+)"/s.exec(text)?.[1]
  return ticket ? [{ kind: 'answer', ticket }] : []
}

const escapes: Record<string, number> = { n: 10, r: 13, t: 9, v: 11, f: 12, '"': 34, '\\': 92 }

/** A string as strace prints it: all bytes as \xNN when one of them is not ASCII, else C escapes. */
function readString(text: string): Buffer {
  if (/^(?:\\x[0-9a-f]{2})*$/.test(text)) return Buffer.from(text.replaceAll('\\x', ''), 'hex')
  const bytes: number[] = []
  for (const [token] of text.matchAll(/\\x[0-9a-f]{2}|\\[0-7]{1,3}|\\.|[^\\]/gs)) {
    if (token.length === 1) bytes.push(token.charCodeAt(0))
    else if (token[1] === 'x') bytes.push(Number.parseInt(token.slice(2), 16))
    else bytes.push(escapes[token[1] ?? ''] ?? Number.parseInt(token.slice(1), 8))
  }
  return Buffer.from(bytes)
}
