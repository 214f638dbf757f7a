import type { Presence } from '../../appliance/wire/messages.ts'

/** What the hub knows of a box's line. `since`: of this state, ms since 1970 UTC by the hub's clock. */
export type Contact = {
  state: 'connected' | 'offline' | 'never' | 'wiped'
  since: number
  session: string | null
  box: string | null
  version: string | null
}

export const unknownContact = (now: number): Contact => ({
  state: 'never',
  since: now,
  session: null,
  box: null,
  version: null,
})

/**
 * The contact after a presence message, or null when it changes nothing. `lost` counts only if it names the session
 * last seen online: the last will of an old connection may arrive after the next one's `online` (F39). So does `wiped`, the
 * last word of a box, after which `lost` says nothing new.
 */
export function nextContact(known: Contact, presence: Presence, now: number): Contact | null {
  const { state, session, box, version } = presence
  if (state === 'online') {
    const same = known.state === 'connected' && known.session === session
    return same ? null : { state: 'connected', since: now, session, box, version }
  }
  if (state === 'wiped') {
    const isLastWord = known.state !== 'wiped' && (known.session === session || known.state === 'never')
    return isLastWord ? { state: 'wiped', since: now, session, box, version } : null
  }
  if (known.state !== 'connected' || known.session !== session) return null
  return { ...known, state: 'offline', since: now }
}
