import type { Db } from '../base/store/store.ts'

/** The only code that writes `series`, a service's last number of a day: it never falls. */
export function createSeries(db: Db) {
  const raise = db.prepare<{ day: string; service: string; number: number }>(`
    INSERT INTO series (day, service, last)
    VALUES (@day, @service, @number)
    ON CONFLICT (day, service) DO UPDATE SET last = max(last, excluded.last)`)
  const carry = db.prepare<{ day: string; before: string }>(`
    INSERT INTO series (day, service, last)
    SELECT @day, service, last FROM series WHERE day = @before
    ON CONFLICT (day, service) DO UPDATE SET last = max(last, excluded.last)`)
  return {
    raise: (day: string, service: string, number: number) => raise.run({ day, service, number }),
    /** A day that was begun by mistake goes on under its right date. */
    carry: (before: string, day: string) => carry.run({ before, day }),
  }
}
