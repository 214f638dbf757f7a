import type { Alarms } from '../base/alarms.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { SenderState } from './sender-state.ts'
import { times } from './timing.ts'

/** What is wrong with the line to the regency, and with the journal that goes over it, as alarms. */
export function createLineAlarms({ alarms, journal }: { alarms: Alarms; journal: Journal }) {
  /** The hub refused a batch because this box's key was taken back. */
  let keyRevoked = false
  let pastMet = false
  /** The shape of the journal in which its damage was looked for. */
  let watchedShape: number | null = null

  /** What is set aside changes with the journal's shape, never by appending. */
  function lookAtJournal(): void {
    watchedShape = journal.shape()
    const [damaged] = journal.damaged()
    alarms.set('journal.broken', damaged !== undefined, 'action', {
      epoch: damaged?.epoch ?? '',
      seq: damaged?.seq ?? 0,
    })
    const unfolded = journal.unfolded().length
    alarms.set('journal.unfolded', unfolded > 0, 'warning', { count: unfolded })
  }

  return {
    lookAtJournal,
    batchAnswered(refusal: string | undefined): void {
      keyRevoked = refusal === 'revoked-key'
    },
    otherPastMet(): void {
      pastMet = true
    },
    /** `now`: monotonic ms; `url`: the broker that the box is at or tries, `first` the one that it shall be at. */
    look(state: SenderState, now: number, { url, first }: { url: string; first: string }): void {
      const isUp = state.link === 'up'
      alarms.set(
        'relay.backlog-stuck',
        state.stuckSince !== null && now - state.stuckSince >= times.stuckMs,
        isUp ? 'action' : 'warning',
      )
      alarms.set('relay.refused-connection', state.trouble === 'connect-refused')
      alarms.set('relay.revoked', keyRevoked || state.trouble === 'certificate-revoked')
      alarms.set('relay.refused-subscription', state.trouble === 'subscribe-refused')
      alarms.set('relay.other-past', pastMet, 'warning')
      alarms.set('relay.not-owner', state.isOwner === false)
      alarms.set('relay.fallback', isUp && url !== first, 'warning', { broker: url, first })
      alarms.set('relay.bad-history', state.trouble === 'bad-history')
      alarms.set(
        'relay.batch-refused',
        state.epochs.some((epoch) => epoch.stopped !== null),
      )
      if (journal.shape() !== watchedShape) lookAtJournal()
    },
  }
}
