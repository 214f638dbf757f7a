import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { explain } from '../api.ts'
import { LanguageSwitch } from '../language-switch.tsx'
import { Mark } from '../mark.tsx'
import { find, t } from '../messages.ts'
import { StateLine } from '../state-line.tsx'
import { initials } from './initials.ts'
import { PinPad } from './pin-pad.tsx'
import { logIn, type Person, type Session, unreachable } from './session.ts'
import './login.css'

type Props = {
  session: Session
  roles?: readonly string[]
  beside?: (person: Person | null) => ComponentChildren
}

/** Who is on duty: one's own tile, then the PIN. */
export function Login({ session, roles, beside }: Props) {
  const chosen = useSignal<string | null>(null)
  const pad = useRef<HTMLElement>(null)
  const people = session.people.filter((person) => !roles || roles.includes(person.role))
  const only = people.length === 1 ? people[0] : undefined
  const person = people.find((one) => one.account === chosen.value) ?? only ?? null
  return (
    <div class="login">
      <main class="who">
        <header>
          <Mark />
          <b>{session.office.name}</b>
          <LanguageSwitch keep="remember" />
        </header>
        <h1>{t('staff.who')}</h1>
        {session.me && <StateLine kind="error">{t('staff.not-for-you', { name: session.me.name })}</StateLine>}
        {people.length === 0 && <p class="quiet">{t('staff.nobody')}</p>}
        <div class="people">
          {people.map((one) => (
            <button
              key={one.account}
              type="button"
              aria-pressed={one === person}
              onClick={() => {
                chosen.value = one.account
                // On a phone the pad is below the names.
                pad.current?.scrollIntoView({ block: 'nearest' })
              }}
            >
              <i aria-hidden="true">{initials(one.name)}</i>
              <span>
                {one.name}
                <small>{lastCounter(one, session) ?? find(`staff.role-${one.role}`)}</small>
              </span>
            </button>
          ))}
        </div>
        {beside?.(person)}
      </main>
      <section class="pin" aria-label="PIN" ref={pad}>
        {unreachable.value && <StateLine kind="cut">{t('ui.cut')}</StateLine>}
        <PinPad
          key={person?.account}
          label={person ? t('staff.pin-of', { name: person.name }) : t('staff.choose-name')}
          go={t('staff.log-in')}
          ready={person !== null}
          send={(pin) => logIn(person?.account ?? '', pin)}
          explain={explain}
        />
        <small class="quiet">{t('staff.pin-forgotten')}</small>
      </section>
    </div>
  )
}

function lastCounter(person: Person, session: Session): string | undefined {
  const counter = session.counters.find((one) => one.counter === person.counter)
  return counter && t('staff.last-at', { counter: counter.name })
}
