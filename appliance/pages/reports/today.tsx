import 'messages:today'
import '../ui/base.css'
import '../ui/theme-auto.css'
import { signal } from '@preact/signals'
import type { TodayView } from '../../reports/views.ts'
import { formatDay, formatTime } from '../ui/format.ts'
import { useLive } from '../ui/live.ts'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { type Me, mayWatch, refreshSession, session } from '../ui/staff/session.ts'
import { Staff } from '../ui/staff/staff.tsx'
import { StateLine } from '../ui/state-line.tsx'
import { Bars } from './bars.tsx'
import { Counters } from './counters.tsx'
import { cameAndLeft, decimal, Figure, minutes, whole } from './figure.tsx'
import { FlowSummary } from './flow-summary.tsx'
import { Top } from './top.tsx'
import { WeekMap } from './week.tsx'

// Whoever serves somebody from here looks at papers, not at the page: it stays open for them.
const serving = signal(false)

/** How is the office doing, when should people come. */
function Today({ me }: { me: Me }) {
  const live = useLive<TodayView>('/live/today', { refused: refreshSession, mayOpen: mayWatch })
  const view = live.view.value
  const cut = live.link.value === 'cut'
  if (!view) return <main class="alone">{cut && <StateLine kind="cut">{t('ui.cut')}</StateLine>}</main>
  const { office, total, waiting, longest, hours, week, survey, foretold } = view
  const { served, wait, service } = total
  return (
    <>
      <Top name={office.name} here="today" me={me} />
      <main class={`report ${cut ? 'dimmed' : ''}`}>
        <header>
          <h1>{formatDay(office.now)}</h1>
          {cut && (
            <StateLine kind="cut">{t('today.cut', { time: formatTime(live.seenAt.value ?? office.now) })}</StateLine>
          )}
        </header>
        <div class="figures">
          <Figure value={whole(served)} words={t('reports.served')}>
            {cameAndLeft(total)}
          </Figure>
          <Figure value={whole(waiting)} words={t('today.waiting')}>
            {longest ? t('today.longest', { number: longest.number, n: longest.minutes }) : t('today.nobody-waiting')}
          </Figure>
          <Figure value={minutes(wait.p50)} words={t('reports.wait')}>
            {wait.p90 === null ? t('today.not-yet') : t('reports.nine-of-ten', { n: Math.ceil(wait.p90) })}
            {foretold && `; ${t('today.foretold', { percent: whole((100 * foretold.p80) / foretold.tickets) })}`}
          </Figure>
          <Figure value={minutes(service.p50)} words={t('reports.service')}>
            {compareWithUsual(view)}
          </Figure>
          <Figure value={decimal(survey.index, 1)} words={t('today.skm')}>
            {survey.grade === null
              ? t('reports.skm-none', { n: survey.respondents, needed: survey.needed })
              : t('reports.skm-grade', { grade: survey.grade, n: survey.respondents, needed: survey.needed })}
          </Figure>
        </div>
        <Counters
          me={me}
          serving={(now) => {
            serving.value = now
          }}
        />
        <div class="two">
          <section class="group">
            <h2>{t('today.per-hour')}</h2>
            <p class="quiet">{busiest(hours)}</p>
            {hours.length > 0 && (
              <Bars
                title={t('today.per-hour')}
                bars={hours.map((one) => ({
                  label: String(one.hour).padStart(2, '0'),
                  pale: one.taken,
                  full: one.served,
                }))}
                pale={t('today.came')}
                full={t('reports.served')}
              />
            )}
          </section>
          <section class="group">
            <h2>{t('today.week')}</h2>
            <p class="quiet">{t('today.week-what')}</p>
            <WeekMap week={week} />
          </section>
        </div>
        {me.role !== 'watcher' && <FlowSummary />}
      </main>
    </>
  )
}

/** Whether people are served as fast as in the eight weeks before. */
const leastServed = 5

function compareWithUsual({ total: { served, service }, usualServiceMinutes: usual }: TodayView): string {
  if (service.p50 === null) return t('today.not-yet')
  if (usual === null) return t('today.no-past')
  // Of so few nobody can say that a day is faster than others.
  if (served < leastServed) return t('today.too-few', { n: leastServed })
  const difference = Math.round(service.p50 - usual)
  if (difference === 0) return t('today.as-usual')
  return difference < 0 ? t('today.faster', { n: -difference }) : t('today.slower', { n: difference })
}

function busiest(hours: TodayView['hours']): string {
  const [most] = [...hours].sort((a, b) => b.taken - a.taken)
  if (!most || most.taken === 0) return t('today.nobody-came')
  return t('today.busiest', { from: String(most.hour).padStart(2, '0'), to: String(most.hour + 1).padStart(2, '0') })
}

mount(
  <Staff
    roles={['watcher', 'secretary', 'head', 'technician']}
    mayLock={() => !serving.value && session.peek()?.watch !== true}
  >
    {/* Another role is another page: what was open is gone, and the streams begin anew. */}
    {(me) => <Today key={me.role} me={me} />}
  </Staff>,
)
