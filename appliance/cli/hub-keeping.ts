import type { Doer } from '../../regency/base/audit.ts'
import type { HubConfig } from '../../regency/base/config.ts'
import { grantReader } from '../../regency/base/reader-role.ts'
import { withDatabase } from '../../regency/base/with-database.ts'
import { type Aged, applyRetention, measureAged } from '../../regency/history/retention.ts'
import { dateIn, systemClock } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'

/* `balai hub retention` and `role`: what keeps the hub's database in order. The hub may be running meanwhile. */

export const keepingActions = ['retention', 'role'] as const
export type KeepingAction = (typeof keepingActions)[number]

/** Carries it out and answers what to print. */
export async function runKeepingAction(
  action: KeepingAction,
  rest: string[],
  config: HubConfig,
  { dryRun, by }: { dryRun: boolean; by: Doer },
): Promise<string> {
  switch (action) {
    case 'retention': {
      const { retention } = config
      if (!retention || rest.length > 0)
        throw new AppError('invalid', 'config', 'balai hub retention takes no words; --dry-run says what would go.')
      return await withDatabase(config.postgres.url, async (database) => {
        const now = systemClock.wall()
        const aged = dryRun
          ? await database.withClient((client) => measureAged(client, retention, now))
          : await applyRetention(database, { retention, now, by })
        return describeAged(aged, { dryRun, zone: config.zone })
      })
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
