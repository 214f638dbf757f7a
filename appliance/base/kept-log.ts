import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { type LogLine, logLevels, parseLogLine } from './log-lines.ts'
import { hourMs } from './time.ts'

/*
 * Warnings and errors on the disk, beside the machine's own log, which an image keeps in memory: so that the reason why a
 * box stood still outlives the power cut that came next. Two files of at most 1 MB each; the older one goes. A flash card
 * wears by writes: what repeats itself is written once an hour with its count, and nothing is written more often than every
 * half minute.
 */

const fileBytes = 1_000_000
const flushMs = 30_000
const repeatMs = hourMs
/** So many different things are told apart within an hour. */
const mostKinds = 200
/** Of one line; a stack of a hundred frames says no more than its first ones. */
const mostLineBytes = 4_000
const newestInMemory = 20
/** Lines between two flushes: less than a file takes. */
const mostWaiting = 200

const pathsIn = (data: string) => ({
  newer: join(data, 'warnings.jsonl'),
  older: join(data, 'warnings.old.jsonl'),
})

/** What a line may carry there: how the box is. Never what people typed, who they are, or what a flow of theirs prints. */
const fieldsKept: ReadonlySet<string> = new Set([
  ...[
    'again',
    'broker',
    'cause',
    'code',
    'count',
    'cuts',
    'dataset',
    'epoch',
    'epochs',
    'file',
    'hubKey',
    'id',
    'index',
  ],
  ...['job', 'left', 'message', 'next', 'origin', 'path', 'port', 'ranMs', 'reason', 'reference', 'refused', 'route'],
  ...['stickFolder', 'topic', 'trouble', 'type', 'version', 'current'],
])

export type KeptLog = ReturnType<typeof openKeptLog>

type Options = {
  /** Whether the disk may be written now: not once the box has been erased. */
  mayWrite?: () => boolean
  /** Ms that only go forward. */
  monotonicMs?: () => number
}

/**
 * Where pino writes, besides its usual place, what is `warn` or worse. Whatever the disk refuses is lost and fails nobody.
 * `flush` writes what is waiting; `close` does so for the last time.
 */
export function openKeptLog(
  data: string,
  { mayWrite = () => true, monotonicMs = () => performance.now() }: Options = {},
) {
  const { newer, older } = pathsIn(data)
  const newest: LogLine[] = readKept(data).slice(-newestInMemory)
  const kinds = new Map<string, { until: number; again: number; last: LogLine | null }>()
  let waiting: LogLine[] = []
  let timer: NodeJS.Timeout | undefined

  function take(line: LogLine): void {
    newest.push(line)
    if (newest.length > newestInMemory) newest.shift()
    waiting.push(line)
    if (waiting.length > mostWaiting) waiting.shift()
  }

  /** Of what repeats itself the last one, with how often it came again, once its hour is over. */
  function takeRepeated(now: number): void {
    for (const [kind, { until, again, last }] of kinds) {
      if (now < until && kinds.size < mostKinds) continue
      if (last) take({ ...last, fields: { ...last.fields, again } })
      kinds.delete(kind)
    }
  }

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    takeRepeated(monotonicMs())
    const text = waiting.map((line) => `${writeLine(line)}\n`).join('')
    waiting = []
    if (text === '' || !existsSync(data) || !mayWrite()) return
    try {
      append(text)
    } catch {
      // A disk that is full or read-only is alarmed elsewhere; its log is what it can do without.
    }
  }

  function append(text: string): void {
    const size = existsSync(newer) ? statSync(newer).size : 0
    if (size > 0 && size + Buffer.byteLength(text) > fileBytes) renameSync(newer, older)
    const file = openSync(newer, 'a+', 0o600)
    try {
      // The end of a line that a power cut has torn off.
      writeSync(file, endsWhole(file) ? text : `\n${text}`)
      fdatasyncSync(file)
    } finally {
      closeSync(file)
    }
  }

  return {
    /** The newest lines, oldest first. */
    newest: (): readonly LogLine[] => newest,
    /** A line as pino writes it. */
    write(text: string): void {
      const line = parseLogLine(text)
      if (!line || line.level < logLevels.warn) return
      const kept = cleanLine(line)
      const now = monotonicMs()
      takeRepeated(now)
      const kind = kindOf(kept)
      const known = kinds.get(kind)
      if (known) {
        known.again++
        known.last = kept
      } else {
        kinds.set(kind, { until: now + repeatMs, again: 0, last: null })
        take(kept)
      }
      if (line.level >= logLevels.fatal) flush()
      else timer ??= setTimeout(flush, flushMs).unref()
    },
    flush,
    /** At the end of the process: also what has repeated itself and whose hour is not over. */
    close(): void {
      for (const kind of kinds.values()) kind.until = 0
      flush()
    },
  }
}

/** What was kept, oldest first; whatever is no whole line is passed over. */
export function readKept(data: string): LogLine[] {
  const { newer, older } = pathsIn(data)
  return [older, newer].flatMap((path) => {
    if (!existsSync(path)) return []
    return readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((text) => parseLogLine(text) ?? [])
  })
}

function endsWhole(file: number): boolean {
  const { size } = fstatSync(file)
  const last = Buffer.alloc(1)
  return size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last[0] === 0x0a)
}

/** What tells two lines apart: not their numbers and times. */
const kindOf = ({ level, msg, fields }: LogLine): string => {
  const { code, message } = (fields.err ?? {}) as { code?: unknown; message?: unknown }
  return JSON.stringify([level, msg, fields.trouble, fields.job, code ?? message])
}

function writeLine({ time, level, msg, fields }: LogLine): string {
  const whole = JSON.stringify({ level, time, msg, ...fields })
  return whole.length <= mostLineBytes ? whole : JSON.stringify({ level, time, msg: msg.slice(0, 500) })
}

function cleanLine({ time, level, msg, fields }: LogLine): LogLine {
  const kept = Object.entries(fields)
    .filter(([name]) => fieldsKept.has(name))
    .map(([name, value]) => [name, cleanValue(value)])
  return {
    ...{ time, level, msg: maskNumbers(msg).slice(0, 500) },
    fields: { ...Object.fromEntries(kept), ...(fields.err === undefined ? {} : { err: cleanError(fields.err) }) },
  }
}

const cleanValue = (value: unknown): unknown =>
  typeof value === 'number' || typeof value === 'boolean' || value === null
    ? value
    : maskNumbers(typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 300)

/** An error quotes what it could not read, which may be anything: that is left out. */
function cleanError(error: unknown): Record<string, unknown> {
  const { type, message, code, stack } = (error ?? {}) as Record<string, unknown>
  const frames = typeof stack === 'string' ? (stack.match(/^\s*at .*$/gm) ?? []).slice(0, 8) : []
  const said = maskNumbers(`${message ?? ''}`).replaceAll(/"[^"]*"|'[^']*'/g, '"…"')
  return {
    ...{ type, message: said.slice(0, 300), stack: frames.join('\n') },
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
  }
}

/** As long as a telephone number or a NIK; a village's code has ten digits. */
const maskNumbers = (text: string): string => text.replaceAll(/\d{11,}/g, '…')
