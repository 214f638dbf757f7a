import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import { AppError } from '../../appliance/base/errors.ts'
import type { Database } from './database.ts'
import { loadContacts, parseContacts } from './village-contacts.ts'
import { loadVillages, parseVillages } from './villages.ts'

type Trouble = { village: ''; code: 'villages.unread' | 'villages.would-end'; details: Record<string, string | number> }

/**
 * Takes villages.csv again whenever it has changed. What is wrong with it is said, and the villages stay as they are; so do
 * they where some would end: nobody has said that they shall (`balai hub villages --drop N`).
 */
export function followVillages({
  database,
  path,
  today,
  log,
  taken,
  count,
}: {
  database: Database
  path: string
  today: () => string
  log: Logger
  /** What the hub has begun with. */
  taken: Buffer
  /** How many villages stand in it. */
  count: number
}) {
  const sumOf = (csv: Buffer) => createHash('sha256').update(csv).digest('hex')
  let known = sumOf(taken)
  /** Of the last look: a file is taken when two looks see the same, since it may be being copied. */
  let seen = known
  let trouble: Trouble[] = []

  async function take(csv: Buffer): Promise<Trouble[]> {
    try {
      const villages = parseVillages(csv)
      const contacts = parseContacts(csv)
      const { added, changed, difference } = await loadVillages(database, villages, today())
      await loadContacts(database, contacts)
      count = villages.length
      log.info(
        { added, changed, villages: count, difference: difference.slice(0, 40) },
        'villages.csv has changed and was taken',
      )
      return []
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'config') throw error
      const { ended, mistakes } = error.details
      log.warn({ err: error }, 'villages.csv has changed and was not taken')
      if (ended !== undefined) return [{ village: '', code: 'villages.would-end', details: { ended } }]
      const [first = ''] = error.message.split('\n')
      return [{ village: '', code: 'villages.unread', details: { mistakes: mistakes ?? 1, first } }]
    }
  }

  return {
    /** What is wrong with the file now. */
    async look(): Promise<Trouble[]> {
      try {
        const csv = readFileSync(path)
        const sum = sumOf(csv)
        const isWhole = sum === seen
        seen = sum
        // What would have ended may have been ended by command meanwhile.
        if (!isWhole || (sum === known && trouble.length === 0)) return trouble
        trouble = await take(csv)
        known = sum
      } catch (error) {
        if (!isFileTrouble(error)) throw error
        trouble = [{ village: '', code: 'villages.unread', details: { mistakes: 1, first: error.message } }]
      }
      return trouble
    },
    /** How many villages there are. */
    count: () => count,
  }
}

const isFileTrouble = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && ['ENOENT', 'EACCES', 'EISDIR', 'EIO'].includes(String(error.code))
