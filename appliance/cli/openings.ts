import { parseArgs } from 'node:util'
import { exitCode } from '../base/errors.ts'
import { databasePath } from '../base/store/folder.ts'
import { openForReading } from '../base/store/reading.ts'
import { addDays, isDay } from '../base/time.ts'
import { writeSheet } from '../base/write-sheet.ts'
import { readBoxConfig } from '../config.ts'
import { momentOf } from '../office/hours.ts'
import { maskNumber } from '../residents/mask.ts'
import { createOpenings } from '../residents/openings.ts'
import { becomeOwner, type Command, configHelp, configPath } from './command.ts'

export const openings: Command = {
  summary: 'list who opened which resident’s record, and why',
  help: `balai openings --from DAY --to DAY [--config balai.toml]

Everything that a notice of a breach has to say of the residents' data (Law
27/2022, art. 46: within 3 x 24 hours, to the people and to the authority): who
opened whose record, when, for which number or reason. A line each, as CSV, both
days included; NIK masked. Changes nothing; the box may be running.

  sudo balai openings --from 2026-11-01 --to 2026-11-30 > dibuka.csv

${configHelp('balai.toml')}
  --from DAY  --to DAY   days of the village, as 2026-11-30
`,
  async run(args) {
    const { values } = parseArgs({
      args,
      options: { config: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } },
    })
    const { from, to } = values
    const wrong = describeWrong(from, to)
    if (wrong !== null || from === undefined || to === undefined) {
      process.stderr.write(`balai: ${wrong}\nWhat there is: balai openings --help\n`)
      return exitCode.usage
    }
    const { data, zone } = readBoxConfig(configPath('balai.toml', values.config))
    becomeOwner(data)
    const db = openForReading(databasePath(data))
    try {
      const names = new Map(
        db
          .prepare<[], { account: string; name: string }>('SELECT account, name FROM account')
          .all()
          .map(({ account, name }) => [account, name]),
      )
      const labelOf = db.prepare<{ ticket: string }, string>('SELECT label FROM ticket WHERE ticket = @ticket').pluck()
      const span = {
        from: momentOf(zone, { day: from, minute: 0 }),
        until: momentOf(zone, { day: addDays(to, 1), minute: 0 }),
      }
      const moment = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
      const rows = createOpenings(db)
        .between(span)
        .map(({ at, actor, ticket, reason, note, person }) => [
          ...[moment.format(at), names.get(actor) ?? actor, person?.name ?? null],
          ...[
            person?.nik ? maskNumber(person.nik) : null,
            ticket === null ? null : (labelOf.get({ ticket }) ?? ticket),
          ],
          ...[reason, note],
        ])
      process.stdout.write(writeSheet(['waktu', 'petugas', 'penduduk', 'nik', 'nomor', 'alasan', 'keterangan'], rows))
      process.stderr.write(`${rows.length} openings.\n`)
      return exitCode.ok
    } finally {
      db.close()
    }
  },
}

/** What is wrong with the two days; null: nothing is. */
function describeWrong(from: string | undefined, to: string | undefined): string | null {
  for (const [name, day] of [
    ['--from', from],
    ['--to', to],
  ] as const) {
    if (day === undefined) return `${name} is missing: a day, as 2026-11-30.`
    if (!isDay(day)) return `${name} ${day} is no day: it is written 2026-11-30.`
  }
  return (from ?? '') > (to ?? '') ? `--from ${from} is behind --to ${to}.` : null
}
