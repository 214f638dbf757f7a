import './staff.css'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { t } from '../messages.ts'
import { StateLine } from '../state-line.tsx'
import { LockCover } from './lock-cover.tsx'
import { Login } from './login.tsx'
import { locked, type Me, me, type Person, refreshSession, type Session, session, unreachable } from './session.ts'
import { Setup } from './setup.tsx'
import { useLock } from './use-lock.ts'

type Props = {
  /** Only these may enter; everyone where it is left out. */
  roles?: readonly string[]
  /** Stands below the name tiles: what else is chosen while logging in. */
  beside?: (person: Person | null) => ComponentChildren
  /** Asked before the page locks by itself. */
  mayLock?: () => boolean
  /** How one logs in, where it is not by one's own tile. */
  login?: (session: Session) => ComponentChildren
  children: (me: Me) => ComponentChildren
}

const retryMs = 3000

/** Around every staff page: first start, log-in, and the cover while nobody is there. */
export function Staff({ roles, beside, mayLock, login, children }: Props) {
  useLock(mayLock ?? always)
  useEffect(() => {
    void refreshSession()
    const timer = setInterval(() => {
      if (unreachable.value) void refreshSession()
    }, retryMs)
    return () => clearInterval(timer)
  }, [])

  const known = session.value
  if (!known) return <main class="alone">{unreachable.value && <StateLine kind="cut">{t('ui.cut')}</StateLine>}</main>
  if (known.setup) return <Setup office={known.office.name} />
  const person = me.value
  if (!person || (roles && !roles.includes(person.role)))
    return login ? login(known) : <Login session={known} roles={roles} beside={beside} />
  return (
    <>
      <div class="page" inert={locked.value}>
        {children(person)}
      </div>
      {locked.value && <LockCover me={person} />}
    </>
  )
}

const always = () => true
