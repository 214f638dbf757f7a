import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { readHubConfig } from '../../regency/base/config.ts'
import { systemClock } from '../base/clock.ts'
import { AppError, exitCode } from '../base/errors.ts'
import { readKept } from '../base/kept-log.ts'
import { createLocalTime, describeLogLine, type LogLevel, logLevels, parseLogLine } from '../base/log-lines.ts'
import { forTerminal } from '../base/tidy-text.ts'
import { dayMs, hourMs, minuteMs } from '../base/time.ts'
import { readBoxConfig, readBoxFile } from '../config.ts'
import { type Command, configHelp, configPath } from './command.ts'

export const logs: Command = {
  summary: 'the log of box or hub in words',
  help: `balai logs [--hub | --unit UNIT] [--since WHEN] [--level LEVEL] [--follow]
balai logs --kept [--since WHEN] [--level LEVEL]
balai logs FILE | -  [--since WHEN] [--level LEVEL]

Prints what the program has logged, a line each: local time, level, what
happened, and what matters of it. From the machine's journal (the newest 500
lines, or all since WHEN), from a file, or from standard input (-).

  --kept          warnings and errors that the box keeps on its disk, where they
                  outlive a power cut: the newest 2 MB, in the data folder
  --hub           of the hub: the unit balai-hub
  --unit UNIT     of another unit of systemd (default: balai)
  --since WHEN    30m, 12h, 7d, today, "2026-11-30" or "2026-11-30 08:00"
  --level LEVEL   debug, info, warn, error or fatal, and what is worse
  --follow        go on with what is logged from now on
${configHelp('balai.toml')}
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        kept: { type: 'boolean', default: false },
        hub: { type: 'boolean', default: false },
        unit: { type: 'string' },
        since: { type: 'string' },
        level: { type: 'string', default: 'trace' },
        follow: { type: 'boolean', default: false },
      },
    })
    const [file, ...more] = positionals
    const sources = [values.kept, values.hub, values.unit !== undefined, file !== undefined].filter(Boolean)
    if (more.length > 0 || sources.length > 1 || (values.follow && (values.kept || file !== undefined))) {
      process.stderr.write(
        'balai logs: one of --kept, --hub, --unit UNIT and FILE; --follow only of the machine’s journal.\nWhat there is: balai logs --help\n',
      )
      return exitCode.usage
    }
    const level = readLevel(values.level)
    const localTime = createLocalTime(findZone(values.hub, values.config))
    const since = values.since === undefined ? null : readSince(values.since, systemClock.wall(), localTime)
    const show = createShow({ level, since, localTime })
    if (values.kept) {
      const { data } = readBoxFile(configPath('balai.toml', values.config))
      for (const line of readKept(data))
        if (line.level >= level && line.time >= (since ?? 0)) print(describeLogLine(line, localTime))
      return exitCode.ok
    }
    if (file === undefined)
      return await readJournal({
        unit: values.unit ?? (values.hub ? 'balai-hub' : 'balai'),
        ...{ since, follow: values.follow, show },
      })
    for await (const text of createInterface({ input: file === '-' ? process.stdin : createReadStream(file) }))
      show(text)
    return exitCode.ok
  },
}

const print = (text: string) => void process.stdout.write(`${forTerminal(text)}\n`)

/** What is no line of ours (a trace of Node, a word of systemd) goes with the line before it. */
function createShow({ level, since, localTime }: { level: number; since: number | null; localTime: LocalTime }) {
  let isLate = true
  return (text: string): void => {
    const line = parseLogLine(text)
    if (line) isLate = since === null || line.time >= since
    if (!isLate) return
    if (!line) print(text)
    else if (line.level >= level) print(describeLogLine(line, localTime))
  }
}

type LocalTime = ReturnType<typeof createLocalTime>
type Reading = { unit: string; since: number | null; follow: boolean; show: (text: string) => void }

/** By systemd's own tool, which knows what this user may read. */
async function readJournal({ unit, since, follow, show }: Reading): Promise<number> {
  const from = since === null ? '--lines=500' : `--since=@${Math.floor(since / 1_000)}`
  const options = ['--output=cat', '--no-pager', `--unit=${unit}`, from, ...(follow ? ['--follow'] : [])]
  const child = spawn('journalctl', options, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  // The lines below may end first, or never begin.
  ended.catch(() => {})
  for await (const text of createInterface({ input: child.stdout })) show(text)
  try {
    return (await ended) === 0 ? exitCode.ok : exitCode.failed
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new AppError(
      'unavailable',
      'start.no-journal',
      'This machine has no journal of systemd (journalctl). Name a file, balai logs FILE, or what the box has kept: balai logs --kept',
    )
  }
}

function readLevel(text: string): number {
  const level = Object.hasOwn(logLevels, text) ? logLevels[text as LogLevel] : undefined
  if (level !== undefined) return level
  throw new AppError('invalid', 'config', `--level is "${text}"; allowed: ${Object.keys(logLevels).join(', ')}`)
}

const units = { m: minuteMs, h: hourMs, d: dayMs } as const

/** `12h`, `today`, a day or a minute of local time, as ms since 1970 UTC. */
export function readSince(text: string, now: number, localTime: LocalTime): number {
  const [, count, unit] = /^([0-9]{1,4})([mhd])$/.exec(text) ?? []
  if (count) return now - Number(count) * units[unit as keyof typeof units]
  const day = text === 'today' ? localTime(now).slice(0, 10) : text
  const [, date, time = '00:00'] = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?))?$/.exec(day) ?? []
  const asUtc = Date.parse(`${date}T${time}Z`)
  if (Number.isNaN(asUtc))
    throw new AppError(
      'invalid',
      'config',
      `--since is "${text}"; allowed: 30m, 12h, 7d, today, "2026-11-30" or "2026-11-30 08:00"`,
    )
  return asUtc - (Date.parse(`${localTime(asUtc).replace(' ', 'T')}Z`) - asUtc)
}

/** The office's, where this user may read the configuration; otherwise the machine's. */
function findZone(isHub: boolean, config: string | undefined): string | undefined {
  try {
    return isHub
      ? readHubConfig(configPath('hub.toml', config)).zone
      : readBoxConfig(configPath('balai.toml', config)).zone
  } catch {
    return undefined
  }
}
