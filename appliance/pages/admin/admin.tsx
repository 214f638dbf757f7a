import 'messages:admin'
import '../ui/base.css'
import '../ui/theme-auto.css'
import { useSignal } from '@preact/signals'
import { useMemo, useRef } from 'preact/hooks'
import type { AdminView } from '../../screens/admin-view.ts'
import { formatTime } from '../ui/format.ts'
import { useLive } from '../ui/live.ts'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { Account } from '../ui/staff/account.tsx'
import { type Me, mayWatch, refreshSession } from '../ui/staff/session.ts'
import { Staff } from '../ui/staff/staff.tsx'
import { StateLine } from '../ui/state-line.tsx'
import { takeHash } from '../ui/take-hash.ts'
import { BookingSettings, CallingSettings } from './calling.tsx'
import { Counters } from './counters.tsx'
import { Hours } from './hours.tsx'
import { Languages } from './languages.tsx'
import { Notice } from './notice.tsx'
import { People } from './people.tsx'
import { PrinterForm } from './printer.tsx'
import { Services } from './services.tsx'
import { isReady, Start } from './start.tsx'
import { type Tab, tabs } from './tabs.ts'
import { VoiceForm } from './voice.tsx'
import './admin.css'

function Admin({ me }: { me: Me }) {
  const live = useLive<AdminView>('/live/admin', { refused: refreshSession, mayOpen: mayWatch })
  const tab = useSignal<Tab | null>(null)
  const first = useRef<Tab | null>(null)
  const screen = useMemo(() => takeHash('layar'), [])
  const view = live.view.value
  const cut = live.link.value === 'cut'
  if (!view) return <main class="alone">{cut && <StateLine kind="cut">{t('ui.cut')}</StateLine>}</main>
  // Chosen by hand, or else what this office needed when the page was opened.
  first.current ??= isReady(view) && !screen ? 'services' : 'start'
  const here = tab.value ?? first.current
  const labels = {
    start: t('admin.start'),
    services: t('admin.services'),
    counters: t('admin.counters'),
    people: t('admin.people'),
    hours: t('admin.hours'),
    bookings: t('admin.bookings'),
    calling: t('admin.calling'),
    voice: t('admin.voice'),
    languages: t('admin.languages'),
    printer: t('printing.tab'),
    notice: t('admin.notice'),
  }
  return (
    <>
      <header class="top">
        <Mark />
        <b>{view.office.name}</b>
        <span class="quiet hide">{t('admin.title')}</span>
        <div class="end">
          <Account me={me} />
        </div>
      </header>
      <div class="admin">
        <nav aria-label={t('admin.title')}>
          {tabs.map((name) => (
            <button
              key={name}
              type="button"
              aria-current={here === name ? 'page' : undefined}
              onClick={() => {
                tab.value = name
              }}
            >
              {labels[name]}
            </button>
          ))}
        </nav>
        <label class="rooms">
          <span class="unseen">{t('admin.title')}</span>
          <select
            value={here}
            onChange={({ currentTarget }) => {
              tab.value = tabs.find((name) => name === currentTarget.value) ?? here
            }}
          >
            {tabs.map((name) => (
              <option key={name} value={name}>
                {labels[name]}
              </option>
            ))}
          </select>
        </label>
        <main>
          {cut && (
            <StateLine kind="cut">
              {t('admin.cut', { time: formatTime(live.seenAt.value ?? view.office.now) })}
            </StateLine>
          )}
          {/* Hidden, not removed: what was typed in one room survives a look into another. */}
          <section hidden={here !== 'start'}>
            <Start
              {...{ view, screen }}
              go={(to) => {
                tab.value = to
              }}
            />
          </section>
          <section hidden={here !== 'services'}>
            <Services services={view.services} regency={view.regency} />
          </section>
          <section hidden={here !== 'counters'}>
            <Counters counters={view.counters} services={view.services} />
          </section>
          <section hidden={here !== 'people'}>
            <People people={view.people} />
          </section>
          <section hidden={here !== 'hours'}>
            <Hours view={view} />
          </section>
          <section hidden={here !== 'bookings'}>
            <BookingSettings settings={view.settings} />
          </section>
          <section hidden={here !== 'calling'}>
            <CallingSettings settings={view.settings} />
          </section>
          <section hidden={here !== 'voice'}>
            <VoiceForm {...view} />
          </section>
          <section hidden={here !== 'languages'}>
            <Languages settings={view.settings} />
          </section>
          <section hidden={here !== 'printer'}>
            <PrinterForm printer={view.printer} />
          </section>
          <section hidden={here !== 'notice'}>
            <Notice notice={view.notice} />
          </section>
        </main>
      </div>
    </>
  )
}

mount(<Staff roles={['secretary', 'head', 'technician']}>{(me) => <Admin me={me} />}</Staff>)
