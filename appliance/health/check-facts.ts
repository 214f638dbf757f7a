import type { FlowsState } from '../automation/views.ts'
import type { Alarm } from '../base/alarms.ts'
import type { ClockTrust } from '../base/clock.ts'
import type { FileTrouble } from '../enrolment/find-file.ts'
import type { DocumentPrinterView, PrinterView } from '../print/views.ts'
import type { RelayDetail } from '../relay/views.ts'
import type { Readings } from './readings.ts'
import type { Check, Fact } from './views.ts'

type PlacedAside = { epoch: string; seq: number; type: string; found_at: number }
type DayScore = { day: string; tickets: number; p50: number; p80: number }

/** All that is known of a box. Null: not known, because the program does not run or this machine cannot say. */
export type CheckFacts = {
  now: number
  alarms: Alarm[]
  /** Which check shows an alarm, by code or by the word that codes begin with (`rooms.ts`). */
  alarmChecks: Readonly<Record<string, string>>
  readings: Readings
  sizes: { databaseBytes: number; walBytes: number } | null
  clock: { trust: ClockTrust; offsetMs: number } | null
  relay: RelayDetail | null
  printer: ({ target: string } & PrinterView) | null
  /** The printer of letters. */
  documents: DocumentPrinterView | null
  screens: { device: string; name: string; connected: boolean }[] | null
  /** The one speaker: `off`, `box`, or a display. */
  sound: { speaker: string; volumePercent: number; heard: boolean | null } | null
  /** Null: it does not run. `waiting`: it runs and has no enrolment file yet. `unknown`: who asks may not know. */
  program: { version: string; upSpan: number | 'waiting' | 'unknown' | null; box: string | null }
  /** Given while the box knows of no village, or a file lies there that is not taken: why, null where none was found. */
  enrolment?: { trouble: FileTrouble | null }
  /** The box has taken its enrolment file and asks the regency for its certificates. */
  isEnrolling?: boolean
  waitScores: DayScore[] | null
  flows: FlowsState | null
  /** Entries that do not verify, and history that could not be folded: set aside, oldest first. */
  journal: { damaged: PlacedAside[]; unfolded: { row: number; type: string; reason: string }[] } | null
}

export type Found = Omit<Check, 'alarms'>

export const good = (code: string, ...facts: (Fact | false | null)[]): Found => ({
  code,
  state: 'good',
  facts: facts.filter((one) => one !== false && one !== null),
})
export const attention = (code: string, ...facts: (Fact | false | null)[]): Found => ({
  ...good(code, ...facts),
  state: 'attention',
})
export const missing = (code: string, ...facts: (Fact | false | null)[]): Found => ({
  ...good(code, ...facts),
  state: 'missing',
})
export const fact = (key: string, values: Fact['values'] = {}): Fact => ({ key, values })
export const asIs = (what: string | null): Fact | false => what !== null && fact('check.as-is', { what })
export const unread = fact('check.unread')
export const notRunning = fact('check.not-running')
export const notKnown = fact('check.not-known')
