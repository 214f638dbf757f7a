import type { AlarmName } from '../alarms/taking.ts'
import type { Database } from '../base/database.ts'
import type { Taken } from './view.ts'

/** Who works on an alarm of a village, or of the hub itself (''); null: nobody. */
export type TakenOf = (village: string, code: string) => Taken | null

export async function readTaken(database: Database): Promise<TakenOf> {
  const { rows } = await database.query<AlarmName & Omit<Taken, 'at' | 'until'> & { at: Date; until: Date | null }>(
    'SELECT village, code, account, name, note, owner, at, until FROM alarm_taken',
  )
  const known = new Map(
    rows.map(({ village, code, at, until, ...taken }) => [
      `${village} ${code}`,
      { ...taken, at: at.getTime(), until: until?.getTime() ?? null },
    ]),
  )
  return (village, code) => known.get(`${village} ${code}`) ?? null
}
