import 'messages:letters'
import '../ui/base.css'
import '../ui/theme-auto.css'
import '../ui/staff/list.css'
import '../ui/staff/form.css'
import { useSignal } from '@preact/signals'
import type { LettersView } from '../../letters/views.ts'
import { useLive } from '../ui/live.ts'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { Account } from '../ui/staff/account.tsx'
import { AskClock } from '../ui/staff/ask-clock.tsx'
import { type Me, mayWatch, refreshSession, session } from '../ui/staff/session.ts'
import { Staff } from '../ui/staff/staff.tsx'
import { StateLine } from '../ui/state-line.tsx'
import { AskLastNumbers } from './ask-last-numbers.tsx'
import { Claims } from './claims.tsx'
import { Register } from './register.tsx'
import { Settings } from './settings.tsx'
import { Waiting } from './waiting.tsx'
import './letters.css'

const places = ['waiting', 'register', 'claims', 'settings'] as const

/** Letters of the office: those that wait for approval, the register, and how they are written. They begin at a record. */
function Letters({ me }: { me: Me }) {
  const live = useLive<LettersView>('/live/letters', { refused: refreshSession, mayOpen: mayWatch })
  const here = useSignal<(typeof places)[number]>('waiting')
  const keeps = me.role === 'secretary' || me.role === 'head'
  const view = live.view.value
  return (
    <>
      <header class="top">
        <Mark />
        <b>{session.value?.office.name ?? ''}</b>
        <nav class="places" aria-label={t('letters.title')}>
          {places
            .filter((place) => keeps || place !== 'settings')
            .map((place) => (
              <button
                key={place}
                type="button"
                aria-current={here.value === place ? 'page' : undefined}
                onClick={() => {
                  here.value = place
                }}
              >
                <span>
                  {t(`letters.place-${place}`)}
                  {place === 'waiting' && view && view.waiting.length > 0 && <b class="count">{view.waiting.length}</b>}
                </span>
              </button>
            ))}
          <a href="/check">
            <span>{t('letters.place-check')}</span>
          </a>
        </nav>
        <div class="end">
          <Account me={me} />
        </div>
      </header>
      <main class="letters">
        {live.link.value === 'cut' && <StateLine kind="cut">{t('letters.cut')}</StateLine>}
        {view?.hindrance?.why === 'doubtful' && <AskClock />}
        {view?.hindrance?.why === 'replaced' && <StateLine kind="error">{t('letters.replaced')}</StateLine>}
        {view?.hindrance?.why === 'held' &&
          (keeps ? (
            <AskLastNumbers rows={view.hindrance.last} />
          ) : (
            <StateLine kind="error">{t('error.letters.numbers-held')}</StateLine>
          ))}
        {here.value === 'waiting' && view && <Waiting view={view} me={me} />}
        {here.value === 'register' && <Register view={view} keeps={keeps} />}
        {here.value === 'claims' && <Claims />}
        {keeps && (
          <div hidden={here.value !== 'settings'}>
            <Settings />
          </div>
        )}
      </main>
    </>
  )
}

mount(<Staff roles={['clerk', 'secretary', 'head']}>{(me) => <Letters me={me} />}</Staff>)
