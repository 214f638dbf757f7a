import 'messages:reports'
import '../ui/base.css'
import '../ui/theme-auto.css'
import { useSignal } from '@preact/signals'
import { Download } from 'lucide-preact'
import { useEffect, useRef } from 'preact/hooks'
import type { ReportView } from '../../reports/views.ts'
import { ask, explain } from '../ui/api.ts'
import { now, setClock, zone } from '../ui/clock.ts'
import { toWall } from '../ui/format.ts'
import { language, t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { DayField } from '../ui/staff/day-field.tsx'
import { fieldValue } from '../ui/staff/field-value.ts'
import { heedRefusal, type Me, session } from '../ui/staff/session.ts'
import { Staff } from '../ui/staff/staff.tsx'
import { StateLine } from '../ui/state-line.tsx'
import { Bars } from './bars.tsx'
import { cameAndLeft, decimal, Figure, minutes, whole } from './figure.tsx'
import { type Choice, choices, type Period, periodOf } from './period.ts'
import { SurveyPart } from './survey.tsx'
import { FiguresTable } from './table.tsx'
import { Top } from './top.tsx'

/** What has the office done: over any of its days, on screen and to take along. */
function Reports({ me }: { me: Me }) {
  const today = toWall(now.peek(), session.value?.office.zone ?? zone.value).date
  const choice = useSignal<Choice>('month')
  const free = useSignal<Period>({ from: today, to: today })
  const report = useSignal<ReportView | null>(null)
  const problem = useSignal<string | null>(null)
  const round = useSignal(0)
  const may = me.role === 'secretary' || me.role === 'head'
  const asked = useRef(0)
  const { from, to } = periodOf(choice.value, today, free.value)
  const query = `from=${from}&to=${to}`

  useEffect(() => {
    const mine = ++asked.current
    ask<ReportView>('GET', `/api/reports?${query}`, undefined, 30_000).then(
      (answer) => {
        if (mine !== asked.current) return
        setClock(answer.office)
        report.value = answer
        problem.value = null
      },
      (error) => {
        if (mine !== asked.current) return
        problem.value = explain(error)
        heedRefusal(error)
      },
    )
  }, [query, round.value])

  const view = report.value
  const stale = view !== null && (view.from !== from || view.to !== to)
  return (
    <>
      <Top name={view?.office.name ?? session.value?.office.name ?? ''} here="reports" me={me} />
      <main class={`report ${stale ? 'dimmed' : ''}`} aria-busy={stale}>
        <header>
          <h1>{t('reports.title')}</h1>
          <fieldset class="periods">
            <legend class="unseen">{t('reports.which-period')}</legend>
            {choices.map((one) => (
              <button
                key={one}
                type="button"
                aria-pressed={choice.value === one}
                onClick={() => {
                  if (one === 'free') free.value = { from, to }
                  choice.value = one
                }}
              >
                {t(`reports.choose-${one}`)}
              </button>
            ))}
          </fieldset>
          {choice.value === 'free' && (
            <div class="dates">
              {(
                [
                  ['from', t('reports.from')],
                  ['to', t('reports.to')],
                ] as const
              ).map(([end, word]) => (
                <DayField
                  key={end}
                  label={word}
                  value={fieldValue(free.value[end], (day) => {
                    if (day) free.value = { ...free.value, [end]: day }
                  })}
                />
              ))}
            </div>
          )}
          <nav class="take-along" aria-label={t('reports.download')}>
            {(
              [
                ['report.pdf', t('reports.download-pdf')],
                ...(may ? ([['skm.pdf', t('reports.download-skm')]] as const) : []),
                ['figures.csv', t('reports.download-figures')],
                ['tickets.csv', t('reports.download-tickets')],
              ] as const
            ).map(([file, word]) => (
              <a key={file} class="button" download href={`/api/reports/${file}?${query}&language=${language.value}`}>
                <Download class="icon" strokeWidth={1.8} aria-hidden="true" />
                {word}
              </a>
            ))}
          </nav>
        </header>
        {problem.value && (
          <StateLine kind="error">
            {problem.value}{' '}
            <button
              type="button"
              class="button"
              onClick={() => {
                round.value++
              }}
            >
              {t('reports.again')}
            </button>
          </StateLine>
        )}
        {view && (
          <Shown
            view={view}
            may={may}
            changed={() => {
              round.value++
            }}
          />
        )}
      </main>
    </>
  )
}

function Shown({ view, changed, may }: { view: ReportView; changed: () => void; may: boolean }) {
  const { total, before, services, counters, hours, days, survey } = view
  const { served, wait, service } = total
  const past = (value: string) => before && <span class="before">{t('reports.before', { value })}</span>
  if (total.taken === 0) {
    return (
      <>
        <p class="nothing">{t('reports.nothing')}</p>
        <SurveyPart view={view} changed={changed} may={may} />
      </>
    )
  }
  return (
    <>
      <div class="figures four">
        <Figure value={whole(served)} words={t('reports.served')}>
          {cameAndLeft(total)}
          {past(whole(before?.total.served ?? 0))}
        </Figure>
        <Figure value={minutes(wait.p50)} words={t('reports.wait')}>
          {wait.p90 !== null && t('reports.nine-of-ten', { n: Math.ceil(wait.p90) })}
          {past(minutes(before?.total.wait.p50 ?? null))}
        </Figure>
        <Figure value={minutes(service.p50)} words={t('reports.service')}>
          {service.p90 !== null && t('reports.nine-of-ten', { n: Math.ceil(service.p90) })}
          {past(minutes(before?.total.service.p50 ?? null))}
        </Figure>
        <Figure value={decimal(survey.index, 1)} words={t('reports.skm')}>
          {survey.grade === null
            ? t('reports.skm-none', { n: survey.respondents, needed: survey.needed })
            : t('reports.skm-grade', { grade: survey.grade, n: survey.respondents, needed: survey.needed })}
        </Figure>
      </div>
      <div class="two">
        <section class="group">
          <h2>{days.length > 1 ? t('reports.per-day') : t('reports.by-hour')}</h2>
          <p class="quiet">{t('reports.per-day-what', { n: days.length })}</p>
          <Bars
            title={t('reports.per-day')}
            bars={(days.length > 1 ? days : hours).map(({ name, taken: came, served: done }) => ({
              label: days.length > 1 ? String(Number(name.slice(8))) : name,
              pale: came,
              full: done,
            }))}
            pale={t('reports.column-taken')}
            full={t('reports.column-served')}
          />
        </section>
        <section class="group">
          <h2>{t('reports.waits-by-hour')}</h2>
          <p class="quiet">{t('reports.waits-by-hour-what')}</p>
          <Bars
            title={t('reports.waits-by-hour')}
            bars={hours.map(({ name, wait: one }) => ({
              label: name,
              pale: one.p90 === null ? null : Math.round(one.p90),
              full: one.p50 === null ? null : Math.round(one.p50),
            }))}
            pale={t('reports.nine')}
            full={t('reports.half')}
          />
        </section>
      </div>
      <FiguresTable title={t('reports.by-service')} rows={services} />
      <FiguresTable title={t('reports.by-counter')} rows={counters} />
      <SurveyPart view={view} changed={changed} may={may} />
    </>
  )
}

mount(<Staff roles={['secretary', 'head', 'technician']}>{(me) => <Reports me={me} />}</Staff>)
