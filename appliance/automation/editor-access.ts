import type { Journal } from '../base/journal/journal.ts'
import type { Store } from '../base/store/store.ts'
import { hourMs } from '../base/time.ts'
import type { Caller } from '../base/web/callers.ts'
import { automationEvents } from './events.ts'

type Person = Extract<Caller, { session: Buffer }>

export type EditorAccess = ReturnType<typeof createEditorAccess>

/** Who may change flows: a technician for an hour after saying so; otherwise the editor shows them only. */
export function createEditorAccess(store: Store, journal: Journal, monotonicMs: () => number) {
  const pen = journal.pen(automationEvents)
  /** By session: until when, monotonic. */
  const unlocked = new Map<string, { account: string; untilMs: number }>()
  const of = ({ session }: Pick<Person, 'session'>) => unlocked.get(session.toString('hex'))
  const left = (until: { untilMs: number } | undefined) => Math.max(0, (until?.untilMs ?? 0) - monotonicMs())

  return {
    /** How long this person may still write, ms; 0: not. */
    leftMs: (person: Person): number => left(of(person)),
    mayWrite: (person: Person): boolean => person.kind === 'technician' && left(of(person)) > 0,
    /** Whether this account is at work in an editor that it has unlocked. */
    isWriting: (account: string): boolean =>
      [...unlocked.values()].some((one) => one.account === account && left(one) > 0),

    unlock(person: Person, key: string | null): void {
      store.write((tx) => {
        if (!pen.wasDone(key, ['automation.writing-unlocked']))
          pen.append(tx, { type: 'automation.writing-unlocked', actor: person.actor, key, data: {} })
      })
      for (const [session, one] of unlocked) if (left(one) === 0) unlocked.delete(session)
      unlocked.set(person.session.toString('hex'), { account: person.actor, untilMs: monotonicMs() + hourMs })
    },

    lock(person: Person): void {
      unlocked.delete(person.session.toString('hex'))
    },
  }
}
