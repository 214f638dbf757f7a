import 'messages:letters'
import '../ui/base.css'
import '../ui/theme-auto.css'
import '../ui/staff/list.css'
import '../ui/staff/form.css'
import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { ClaimsView } from '../../claims/views.ts'
import type { LettersView } from '../../letters/views.ts'
import { useLive } from '../ui/live.ts'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { AskClock } from '../ui/staff/ask-clock.tsx'
import { type Me, mayWatch, refreshSession } from '../ui/staff/session.ts'
import { Staff } from '../ui/staff/staff.tsx'
import { StaffTop } from '../ui/staff/staff-top.tsx'
import { StateLine } from '../ui/state-line.tsx'
import { AskLastNumbers } from './ask-last-numbers.tsx'
import { Claims } from './claims.tsx'
import { Dispatches } from './dispatches.tsx'
import { Register } from './register.tsx'
import { Settings } from './settings.tsx'
import { Templates } from './templates.tsx'
import { Unsigned } from './unsigned.tsx'
import { Waiting } from './waiting.tsx'
import './letters.css'

const places = ['waiting', 'register', 'dispatches', 'claims', 'kinds', 'settings'] as const
type Place = (typeof places)[number]
/** Secretary and head say how letters are written. */
const ofKeepers: readonly string[] = ['kinds', 'settings']

/** Letters of the office: those that wait for approval, the register, and how they are written. They begin at a record. */
function Letters({ me }: { me: Me }) {
  const live = useLive<LettersView>('/live/letters', { refused: refreshSession, mayOpen: mayWatch })
  const claims = useLive<ClaimsView>('/live/claims', { refused: refreshSession, mayOpen: mayWatch }).view.value
  const here = useSignal<Place>('waiting')
  /** They are asked for when somebody wants to see them. */
  const hadKinds = useRef(false)
  if (here.value === 'kinds') hadKinds.current = true
  const keeps = me.role === 'secretary' || me.role === 'head'
  const view = live.view.value
  const counts: Partial<Record<Place, number>> = {
    waiting: view ? view.waiting.length + view.unsigned.length : undefined,
    // Those that have come and that somebody waits for.
    claims: claims?.asked.filter(({ state }) => state === 'given').length,
  }
  return (
    <>
      <StaffTop
        title={t('letters.title')}
        me={me}
        here={here}
        places={places
          .filter((place) => keeps || !ofKeepers.includes(place))
          .map((name) => ({ name, word: t(`letters.place-${name}`), count: counts[name] }))}
      >
        <a href="/check">
          <span>{t('letters.place-check')}</span>
        </a>
      </StaffTop>
      <main class={`letters ${here.value === 'kinds' ? 'wide-page' : ''}`}>
        {live.link.value === 'cut' && <StateLine kind="cut">{t('letters.cut')}</StateLine>}
        {view?.hindrance?.why === 'doubtful' && <AskClock />}
        {view?.hindrance?.why === 'replaced' && <StateLine kind="error">{t('letters.replaced')}</StateLine>}
        {view?.hindrance?.why === 'held' &&
          (keeps ? (
            <AskLastNumbers rows={view.hindrance.last} />
          ) : (
            <StateLine kind="error">{t('error.letters.numbers-held')}</StateLine>
          ))}
        {here.value === 'waiting' && view && (
          <>
            <Waiting view={view} me={me} />
            <Unsigned view={view} me={me} />
          </>
        )}
        {here.value === 'dispatches' && <Dispatches view={view} keeps={keeps} />}
        {here.value === 'register' && <Register view={view} keeps={keeps} />}
        {here.value === 'claims' && <Claims view={claims} />}
        {/* Hidden, not removed: what was typed survives a look at what waits. */}
        {keeps && hadKinds.current && (
          <div class="place" hidden={here.value !== 'kinds'}>
            <Templates />
          </div>
        )}
        {keeps && (
          <div class="place" hidden={here.value !== 'settings'}>
            <Settings />
          </div>
        )}
      </main>
    </>
  )
}

mount(<Staff roles={['clerk', 'secretary', 'head']}>{(me) => <Letters me={me} />}</Staff>)
