import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { OpeningsView } from '../../residents/views.ts'
import { ask, explain } from '../ui/api.ts'
import { formatMoment } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { heedRefusal } from '../ui/staff/session.ts'
import { StateLine } from '../ui/state-line.tsx'
import { whyOpened } from './words.ts'

type Row = OpeningsView['openings'][number]

/** Who looked at whom, for the head: what is unusual first, and nothing of it is a charge. */
export function Openings() {
  const unusual = useSignal(true)
  const view = useSignal<OpeningsView | null>(null)
  const rows = useSignal<Row[]>([])
  const problem = useSignal<string | null>(null)

  async function load(before: number | null) {
    try {
      const answer = await ask<OpeningsView>(
        'GET',
        `/api/residents/openings?unusual=${unusual.value}${before === null ? '' : `&before=${before}`}`,
      )
      view.value = answer
      rows.value = before === null ? answer.openings : [...rows.value, ...answer.openings]
      problem.value = null
    } catch (error) {
      problem.value = explain(error)
      heedRefusal(error)
    }
  }
  useEffect(() => void load(null), [unusual.value])

  const last = rows.value[rows.value.length - 1]
  return (
    <main class="imports">
      <header class="room">
        <div>
          <h1>{t('residents.openings')}</h1>
          <p class="quiet">{t('residents.openings-what')}</p>
        </div>
      </header>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      {view.value && view.value.people.length > 0 && (
        <ul class="group readers">
          {view.value.people.map(({ name, records, withoutTicket, unusual: odd }) => (
            <li key={name} class="row">
              <div class="about">
                <b>{name}</b>
                <p class="quiet">{t('residents.reader', { n: records, without: withoutTicket })}</p>
              </div>
              {odd > 0 && <em class="tag odd">{t('residents.reader-odd', { n: odd })}</em>}
            </li>
          ))}
        </ul>
      )}
      {view.value && (
        <section class="group form">
          <fieldset class="periods">
            <legend class="unseen">{t('residents.openings')}</legend>
            {[true, false].map((one) => (
              <button
                key={String(one)}
                type="button"
                aria-pressed={unusual.value === one}
                onClick={() => {
                  unusual.value = one
                }}
              >
                {one ? t('residents.openings-odd') : t('residents.openings-all')}
              </button>
            ))}
          </fieldset>
          {rows.value.length === 0 && (
            <p class="quiet">{unusual.value ? t('residents.openings-none-odd') : t('residents.openings-none')}</p>
          )}
          <ul class="rows">
            {rows.value.map((one) => (
              <li key={one.ordinal}>
                <time>{formatMoment(one.at)}</time>
                <div>
                  <b>{one.name}</b> → {one.line?.name ?? t('residents.gone')}{' '}
                  <span class="quiet">{whyOpened(one)}</span>
                  {one.unusual.map((why) => (
                    <em key={why} class="tag odd">
                      {t(`residents.unusual-${why}`)}
                    </em>
                  ))}
                </div>
              </li>
            ))}
          </ul>
          {view.value.more && last && (
            <button type="button" class="button" onClick={() => void load(last.ordinal)}>
              {t('imports.more')}
            </button>
          )}
        </section>
      )}
    </main>
  )
}
