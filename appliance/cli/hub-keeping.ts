import { join } from 'node:path'
import { readClockOffset } from '../../regency/alarms/alarms.ts'
import { backUp } from '../../regency/backup/back-up.ts'
import type { Doer } from '../../regency/base/audit.ts'
import { furthestMs } from '../../regency/base/clock-check.ts'
import type { HubConfig } from '../../regency/base/config.ts'
import { type Database, primaryOf } from '../../regency/base/database.ts'
import { grantReader } from '../../regency/base/reader-role.ts'
import { withDatabase } from '../../regency/base/with-database.ts'
import { type Aged, applyRetention, measureAged } from '../../regency/history/retention.ts'
import { dateIn, systemClock } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'

/* `balai hub retention`, `role` and `backup`: what keeps the hub's database in order. The hub may be running meanwhile. */

export const keepingActions = ['retention', 'role', 'backup'] as const
export type KeepingAction = (typeof keepingActions)[number]

/** By a clock that is ahead everything would be old. Throws AppError `hub.clock-differs`. */
async function assertClockAgrees(database: Database): Promise<void> {
  const offsetMs = await readClockOffset(database, systemClock.wall)
  if (Math.abs(offsetMs) < furthestMs) return
  const here = new Date(systemClock.wall()).toISOString()
  throw new AppError(
    'unavailable',
    'hub.clock-differs',
    `This machine's clock says ${here}, PostgreSQL's is ${Math.round(Math.abs(offsetMs) / 1_000)} s away from it: nothing was removed. Set them right (timedatectl), then try again.`,
  )
}

/** Carries it out and answers what to print. */
export async function runKeepingAction(
  action: KeepingAction,
  rest: string[],
  config: HubConfig,
  { dryRun, folder, keep, by }: { dryRun: boolean; folder: string | undefined; keep: string; by: Doer },
): Promise<string> {
  switch (action) {
    case 'retention': {
      const { retention } = config
      if (!retention || rest.length > 0)
        throw new AppError('invalid', 'config', 'balai hub retention takes no words; --dry-run says what would go.')
      return await withDatabase(config.postgres.url, async (database) => {
        const now = systemClock.wall()
        if (!dryRun) await assertClockAgrees(database)
        const aged = dryRun
          ? await database.withClient((client) => measureAged(client, retention, now))
          : await applyRetention(database, { retention, now, by })
        return describeAged(aged, { dryRun, zone: config.zone })
      })
    }
    case 'backup': {
      const count = Number(keep)
      if (rest.length > 0 || !Number.isInteger(count) || count < 1 || count > 1_000)
        throw new AppError('invalid', 'config', `--keep is "${keep}"; allowed: how many dumps stay, 1 to 1000`)
      const { path, bytes, villages, entries, removed } = await backUp({
        url: await primaryOf(config.postgres.url),
        folder: folder ?? join(config.data, 'backups'),
        ...{ keep: count, stamp: config.backup_stamp ?? null, now: systemClock.wall() },
        onStep: (step) => process.stderr.write(`${step} …\n`),
      })
      const stamped = config.backup_stamp
        ? ''
        : 'hub.toml names no backup_stamp: the hub cannot warn when backups stop.\n'
      return `${path}: ${megabytes(bytes)} MB, restored and sound: ${entries} entries of ${villages} villages.${removed > 0 ? ` ${removed} older removed.` : ''}\n${stamped}`
    }
    case 'role': {
      const [role = '', ...more] = rest
      if (role === '' || more.length > 0)
        throw new AppError('invalid', 'config', 'Name one role that shall read: balai hub role balai_reader')
      const { made } = await withDatabase(config.postgres.url, (database) => grantReader(database, role, by))
      const password = `Its password: sudo -u postgres psql --command '\\password ${role}'\n`
      return `${role} reads what names no person, and nothing else.\n${made ? password : ''}`
    }
  }
}

function describeAged(aged: readonly Aged[], { dryRun, zone }: { dryRun: boolean; zone: string }): string {
  const lines = aged.map(
    ({ table, days, before, rows, bytes }) =>
      `${table.padEnd(16)} before ${dateIn(zone, before)} (${days} days): ${rows} rows, ${megabytes(bytes)} MB\n`,
  )
  const rows = aged.reduce((sum, one) => sum + one.rows, 0)
  const bytes = aged.reduce((sum, one) => sum + one.bytes, 0)
  const all = `${rows} rows, ${megabytes(bytes)} MB`
  return `${lines.join('')}${dryRun ? `${all} would go. Nothing was removed.` : `${all} removed.`}\n`
}

const megabytes = (bytes: number): string => (bytes / 1_000_000).toFixed(1)
