import { type CheckFacts, notKnown, notRunning } from './check-facts.ts'
import { card, clock, disk, memory, network, power, temperature } from './machine-checks.ts'
import {
  backups,
  broker,
  certificate,
  displays,
  documents,
  enrolment,
  flows,
  journal,
  printer,
  program,
  sound,
  stick,
  waits,
} from './service-checks.ts'
import type { Check } from './views.ts'

export type { CheckFacts } from './check-facts.ts'

/** One list for page, report and `balai doctor`. Each alarm stands at the check that its room names. */
export function listChecks(facts: CheckFacts): Check[] {
  const found = [
    ...(facts.enrolment ? [enrolment(facts.enrolment)] : []),
    ...[power(facts), card(facts), disk(facts), memory(facts), temperature(facts)],
    ...[clock(facts), network(facts), broker(facts), certificate(facts)],
    ...[printer(facts), documents(facts), displays(facts), sound(facts), backups(facts), stick(facts)],
    ...[journal(facts), waits(facts), flows(facts), program(facts)],
  ]
  return found.map((check) => {
    const alarms = facts.alarms.filter((alarm) => checkOf(alarm.code, facts) === check.code)
    // A program that runs and is not asked is not one that stands still.
    const unasked = check.facts.map((one) => (one === notRunning && facts.program.upSpan !== null ? notKnown : one))
    return { ...check, facts: unasked, alarms, state: alarms.length > 0 ? 'attention' : check.state }
  })
}

/** The check that shows an alarm: by its code, else by the word that it begins with. */
const checkOf = (alarm: string, { alarmChecks }: CheckFacts): string =>
  alarmChecks[alarm] ?? alarmChecks[alarm.split('.')[0] ?? ''] ?? 'program'
