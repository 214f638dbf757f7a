import type { Logger } from 'pino'
import { cleanText } from '../base/clean-text.ts'
import type { Database } from '../base/database.ts'
import type { Refused } from './message.ts'

const flushMs = 5_000

/**
 * Counts what was refused, per village and code. Written together every five seconds, so that a box that sends
 * nonsense all day costs no more than one that does so once.
 */
export function createRefusals(database: Database, log: Logger) {
  const waiting = new Map<string, { village: string; code: string; count: number; message: string }>()
  let turn: Promise<void> = Promise.resolve()
  const timer = setInterval(() => void flush(), flushMs)

  function note(village: string, { code, message }: Refused): void {
    const id = `${village} ${code}`
    const count = (waiting.get(id)?.count ?? 0) + 1
    waiting.set(id, { village, code, count, message: cleanText(message) })
  }

  /** One after the other; what could not be written waits for the next one. */
  function flush(): Promise<void> {
    turn = turn.then(write)
    return turn
  }

  async function write(): Promise<void> {
    if (waiting.size === 0 || !database.isUp()) return
    const rows = [...waiting.values()]
    waiting.clear()
    try {
      await database.query(upsert, [JSON.stringify(rows)])
      log.warn({ refused: rows }, 'messages were refused')
    } catch (error) {
      for (const row of rows) keepForNext(row)
      if (database.isUp()) log.error({ err: error }, 'refused messages could not be counted; the next time they are')
    }
  }

  /** The newer message stands for both. */
  function keepForNext(row: { village: string; code: string; count: number; message: string }): void {
    const id = `${row.village} ${row.code}`
    const newer = waiting.get(id)
    waiting.set(id, newer ? { ...newer, count: newer.count + row.count } : row)
  }

  return {
    note,
    flush,
    async close() {
      clearInterval(timer)
      await flush()
    },
  }
}

const upsert = `
  INSERT INTO refused AS r (village, code, count, message, last_at)
  SELECT village, code, count, message, now()
  FROM json_to_recordset($1) AS given (village text, code text, count bigint, message text)
  ON CONFLICT (village, code) DO UPDATE
  SET count = r.count + excluded.count, message = excluded.message, last_at = excluded.last_at`
