import { useSignal } from '@preact/signals'
import { Download } from 'lucide-preact'
import { useEffect } from 'preact/hooks'
import type { ImportRowView, ImportsView } from '../../imports/views.ts'
import { ask, explain } from '../ui/api.ts'
import { formatOfficeDay } from '../ui/format.ts'
import { language, t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { StateLine } from '../ui/state-line.tsx'
import { Counts } from './counts.tsx'
import { Line } from './line.tsx'

type Staged = NonNullable<ImportsView['staged']>
type Outcome = ImportRowView['outcome']

/** A file that is read or lies ready: what would become of it, and the two ways on. */
export function StagedFile({ staged }: { staged: Staged }) {
  const { submit, busy, problemOf } = useSubmit()
  const isReady = staged.state === 'ready'
  const { counts, done, total } = staged
  const takes = counts.new + counts.changed
  return (
    <section class="group form staged">
      <header>
        <h2>{staged.source}</h2>
        <p class="quiet">
          {t('imports.staged-about', {
            format: t(`imports.format-${staged.format}`),
            day: formatOfficeDay(staged.asOf),
          })}
        </p>
      </header>
      {staged.sent && <p>{t(isReady ? 'imports.sent-waits' : 'imports.sent-reading')}</p>}
      {isReady ? (
        <p>{t('imports.ready')}</p>
      ) : (
        <div role="status">
          <p>{total === null ? t('imports.reading', { n: done }) : t('imports.reading-of', { n: done, total })}</p>
          <progress value={total === null ? undefined : done} max={total ?? undefined} />
        </div>
      )}
      <Counts counts={counts} />
      {problemOf(null) && <StateLine kind="error">{problemOf(null)}</StateLine>}
      <div class="buttons">
        <button
          type="button"
          class="button button-main"
          disabled={!isReady || busy}
          onClick={() => void submit((send) => send('POST', '/api/imports/apply'))}
        >
          {isReady ? t('imports.apply', { n: takes }) : t('imports.apply-wait')}
        </button>
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() => void submit((send) => send('POST', '/api/imports/drop'))}
        >
          {t('imports.drop')}
        </button>
        {isReady && counts.asked > 0 && <span class="quiet">{t('imports.asked-left', { n: counts.asked })}</span>}
      </div>
      {isReady && <Rows key={`${counts.asked} ${counts.refused}`} staged={staged} />}
    </section>
  )
}

/** Rows of which something is to be said; those that wait for a person first. */
function Rows({ staged }: { staged: Staged }) {
  const outcome = useSignal<Outcome>(
    staged.counts.asked > 0 ? 'asked' : staged.counts.refused > 0 ? 'refused' : 'noted',
  )
  const rows = useSignal<ImportRowView[] | null>(null)
  const more = useSignal(false)
  const problem = useSignal<string | null>(null)

  async function load(behind: number) {
    try {
      const answer = await ask<{ rows: ImportRowView[] }>(
        'GET',
        `/api/imports/rows?outcome=${outcome.value}&behind=${behind}`,
      )
      rows.value = behind === 0 ? answer.rows : [...(rows.value ?? []), ...answer.rows]
      more.value = answer.rows.length === 50
      problem.value = null
    } catch (error) {
      problem.value = explain(error)
    }
  }
  useEffect(() => {
    rows.value = null
    void load(0)
  }, [outcome.value])

  const last = rows.value?.[rows.value.length - 1]
  return (
    <div class="said-rows">
      <fieldset class="periods">
        <legend class="unseen">{t('imports.said')}</legend>
        {(['asked', 'refused', 'noted'] as const).map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={outcome.value === one}
            onClick={() => {
              outcome.value = one
            }}
          >
            {t(`imports.said-${one}`)}
          </button>
        ))}
        <a class="button" download href={`/api/imports/rows.csv?language=${language.value}`}>
          <Download class="icon" strokeWidth={1.8} aria-hidden="true" />
          {t('imports.said-csv')}
        </a>
      </fieldset>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      {rows.value?.length === 0 && <p class="quiet nobody">{t(`imports.none-${outcome.value}`)}</p>}
      <ul class="rows">
        {rows.value?.map((row) => (
          <li key={row.row}>
            <b class="num">{t('imports.row', { n: row.row })}</b>
            <ul>
              {row.problems.map(({ code, heading, value, details }) => (
                <li key={`${code} ${heading} ${value}`}>
                  {heading && (
                    <span class="quiet">
                      {heading}
                      {value ? `: ${value}` : ''} —{' '}
                    </span>
                  )}
                  {t(`imports.problem-${code}`, sayDetails(details))}
                </li>
              ))}
            </ul>
            {row.outcome === 'asked' && row.said && <Decide row={row} />}
          </li>
        ))}
      </ul>
      {more.value && last && (
        <button type="button" class="button" onClick={() => void load(last.row)}>
          {t('imports.more')}
        </button>
      )}
    </div>
  )
}

/** Fields by their names, days as they are read. */
const sayDetails = (details: Record<string, string | number>): Record<string, string | number> => ({
  ...details,
  ...(typeof details.field === 'string' ? { field: t(`residents.field-${details.field}`) } : {}),
  ...(typeof details.day === 'string' ? { day: formatOfficeDay(details.day) } : {}),
})

/** The row and whom it may mean, side by side. */
function Decide({ row }: { row: ImportRowView }) {
  const { submit, busy, problemOf } = useSubmit()
  const answer = (take: boolean, resident: string | null) =>
    void submit((send) => send('POST', `/api/imports/rows/${row.row}/answer`, { take, resident }))
  return (
    <div class="decide">
      <div class="side">
        <small class="quiet">{t('imports.in-file')}</small>
        {row.said && <Line line={row.said} />}
      </div>
      {row.candidates.map((line) => (
        <div key={line.resident} class="side">
          <small class="quiet">{t('imports.in-box')}</small>
          <Line line={line} />
          <button type="button" class="button" disabled={busy} onClick={() => answer(true, line.resident)}>
            {t('imports.same-person')}
          </button>
        </div>
      ))}
      <div class="buttons">
        <button type="button" class="button" disabled={busy} onClick={() => answer(true, null)}>
          {row.candidates.length > 0 ? t('imports.other-person') : t('imports.take-row')}
        </button>
        <button type="button" class="button button-quiet" disabled={busy} onClick={() => answer(false, null)}>
          {t('imports.leave-row')}
        </button>
      </div>
      {problemOf(null) && <StateLine kind="error">{problemOf(null)}</StateLine>}
    </div>
  )
}
