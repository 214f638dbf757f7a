import 'messages:cases'
import '../ui/base.css'
import '../ui/theme-auto.css'
import '../ui/staff/list.css'
import '../ui/staff/form.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { CaseLine, CasesPage, CasesView } from '../../cases/views.ts'
import { useLive } from '../ui/live.ts'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { type Me, mayWatch, refreshSession } from '../ui/staff/session.ts'
import { Staff } from '../ui/staff/staff.tsx'
import { StaffTop } from '../ui/staff/staff-top.tsx'
import { usePages } from '../ui/staff/use-pages.ts'
import { StateLine } from '../ui/state-line.tsx'
import { CaseRow } from './case-row.tsx'
import { Standard } from './standard.tsx'
import './cases.css'

const places = ['open', 'all', 'standard'] as const

/** What citizens have applied for: what is open, what is late first, and all of it. Applications begin at a record. */
function Cases({ me }: { me: Me }) {
  const live = useLive<CasesView>('/live/cases', { refused: refreshSession, mayOpen: mayWatch })
  const here = useSignal<(typeof places)[number]>('open')
  const view = live.view.value
  return (
    <>
      <StaffTop
        title={t('cases.title')}
        me={me}
        here={here}
        places={places.map((name) => ({
          name,
          word: t(`cases.place-${name}`),
          count: name === 'open' ? view?.open.length : 0,
        }))}
      />
      <main class="cases">
        {live.link.value === 'cut' && <StateLine kind="cut">{t('cases.cut')}</StateLine>}
        {here.value !== 'standard' && (
          <header class="room">
            <div>
              <h1>{t('cases.title')}</h1>
              <p class="quiet">{t('cases.what')}</p>
            </div>
          </header>
        )}
        {here.value === 'open' && view && <Open view={view} />}
        {here.value === 'all' && <All view={view} />}
        {here.value === 'standard' && <Standard />}
      </main>
    </>
  )
}

function Open({ view: { open, late } }: { view: CasesView }) {
  if (open.length === 0)
    return (
      <div class="nobody">
        <p>{t('cases.none-open')}</p>
        <p class="quiet">{t('cases.none-open-what')}</p>
        <a class="button" href="/residents">
          {t('cases.to-residents')}
        </a>
      </div>
    )
  return (
    <>
      {late > 0 && <StateLine kind="error">{t('cases.late-n', { n: late })}</StateLine>}
      <ul class="group case-list">
        {open.map((line) => (
          <CaseRow key={line.case} line={line} />
        ))}
      </ul>
    </>
  )
}

function All({ view }: { view: CasesView | null }) {
  const { newest, rows, more, problem, refresh, older } = usePages<CasesPage, CaseLine>({
    address: (behind) => `/api/cases${behind ? `?before=${behind.case}` : ''}`,
    rowsOf: ({ cases }) => cases,
  })
  useEffect(() => void refresh(), [view])
  return (
    <>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      {newest.value && rows.value.length === 0 && (
        <div class="nobody">
          <p>{t('cases.none')}</p>
          <p class="quiet">{t('cases.none-open-what')}</p>
        </div>
      )}
      {rows.value.length > 0 && (
        <ul class="group case-list">
          {rows.value.map((line) => (
            <CaseRow key={line.case} line={line} />
          ))}
        </ul>
      )}
      {more.value && (
        <button type="button" class="button older" onClick={() => void older()}>
          {t('cases.older')}
        </button>
      )}
    </>
  )
}

mount(<Staff roles={['clerk', 'secretary', 'head']}>{(me) => <Cases me={me} />}</Staff>)
