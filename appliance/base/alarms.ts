import { type Static, Type } from 'typebox'
import { createListeners } from './listeners.ts'

export const Alarm = Type.Object({
  code: Type.String({ description: 'Catalogue keys: alarm.<code>.title and alarm.<code>.remedy' }),
  since: Type.Integer(),
  severity: Type.Union([Type.Literal('warning'), Type.Literal('action')]),
  details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
})
export type Alarm = Static<typeof Alarm>

export type Alarms = ReturnType<typeof createAlarms>

/**
 * What needs a person, in one list: it feeds the technician page, the desk's footer and health. Whoever watches
 * something says at each look whether it is wrong now; the list knows since when.
 */
export function createAlarms(now: () => number, monotonicMs: () => number, onFailure: (error: unknown) => void) {
  /** In the order in which they were raised; `since` on the monotonic clock, so that a date set right sets them right. */
  const raised = new Map<string, Alarm>()
  const { add, tell } = createListeners(onFailure)

  return {
    /** `details` fills the sentence's placeholders. */
    set(code: string, wrong: boolean, severity: Alarm['severity'] = 'action', details: Alarm['details'] = {}): void {
      const known = raised.get(code)
      if (!wrong) {
        if (raised.delete(code)) tell()
        return
      }
      raised.set(code, { code, since: known?.since ?? monotonicMs(), severity, details })
      if (!known) tell()
    },
    /** What needs somebody first comes first, then the oldest. */
    list(): Alarm[] {
      const ahead = now() - monotonicMs()
      return [...raised.values()]
        .sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
        .map((alarm) => ({ ...alarm, since: Math.round(alarm.since + ahead) }))
    },
    onChange: add,
  }
}
