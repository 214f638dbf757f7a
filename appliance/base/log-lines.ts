import { localFormat } from './clock.ts'

/* The log is a line of JSON for each thing that happened, as pino writes it. Here it becomes words for people. */

export const logLevels = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 } as const
export type LogLevel = keyof typeof logLevels

/** One line of the log. `time` is ms since 1970 UTC; `fields` is all else that stands in it. */
export type LogLine = { time: number; level: number; msg: string; fields: Record<string, unknown> }

/** Of every line the same: which process on which machine. */
const ofEveryLine: readonly string[] = ['pid', 'hostname', 'name', 'v']

/** A line as it was written; null for what is none: a torn one, or what another program has said. */
export function parseLogLine(text: string): LogLine | null {
  if (!text.startsWith('{')) return null
  try {
    const { time, level, msg = '', ...rest } = JSON.parse(text) as Record<string, unknown>
    if (typeof time !== 'number' || typeof level !== 'number') return null
    const fields = Object.fromEntries(Object.entries(rest).filter(([name]) => !ofEveryLine.includes(name)))
    return { time, level, msg: `${msg}`, fields }
  } catch {
    return null
  }
}

/** `2026-11-30 13:05:22`, in an IANA zone, or the machine's own. */
export function createLocalTime(zone = Intl.DateTimeFormat().resolvedOptions().timeZone): (time: number) => string {
  const format = localFormat(zone)
  return (time) => (Math.abs(time) <= 8.64e15 ? format.format(time) : 'no time')
}

const nameOfLevel = (level: number): string =>
  Object.entries(logLevels).find(([, value]) => value === level)?.[0] ?? `${level}`

/** `2026-11-30 13:05:22 WARN  no connection to the broker  trouble=refused`; of an error its message and where it arose. */
export function describeLogLine({ time, level, msg, fields }: LogLine, localTime: (time: number) => string): string {
  const { err, ...rest } = fields
  const said = Object.entries(rest).map(([name, value]) => `${name}=${wordFor(value)}`)
  const head = [`${localTime(time)} ${nameOfLevel(level).toUpperCase().padEnd(5)} ${msg}`, ...said].join('  ')
  return [head, ...describeError(err)].join('\n')
}

const wordFor = (value: unknown): string =>
  typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)

function describeError(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return error === undefined ? [] : [`    ${wordFor(error)}`]
  const { type = 'Error', message = '', code, stack } = error as Record<string, unknown>
  const at = typeof stack === 'string' ? /^\s*at .*$/m.exec(stack)?.[0].trim() : undefined
  const lines = [`${type}${code === undefined ? '' : ` ${code}`}: ${message}`, ...(at ? [at] : [])]
  return lines.map((line) => `    ${line}`)
}
