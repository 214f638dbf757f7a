import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { OpeningsView } from '../../residents/views.ts'
import { formatMoment } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { usePages } from '../ui/staff/use-pages.ts'
import { StateLine } from '../ui/state-line.tsx'
import { whyOpened } from './words.ts'

type Row = OpeningsView['openings'][number]

/** Who looked at whom, for the head: what is unusual first, and nothing of it is a charge. */
export function Openings() {
  const unusual = useSignal(true)
  const { newest, rows, more, problem, begin, older } = usePages<OpeningsView, Row>({
    address: (behind) => `/api/residents/openings?unusual=${unusual.value}${behind ? `&before=${behind.ordinal}` : ''}`,
    rowsOf: ({ openings }) => openings,
  })
  useEffect(() => void begin(), [unusual.value])

  return (
    <main class="imports">
      <header class="room">
        <div>
          <h1>{t('residents.openings')}</h1>
          <p class="quiet">{t('residents.openings-what')}</p>
        </div>
      </header>
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      {newest.value && newest.value.people.length > 0 && (
        <ul class="group readers">
          {newest.value.people.map(({ name, records, withoutTicket, unusual: odd }) => (
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
      {newest.value && (
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
          {more.value && (
            <button type="button" class="button" onClick={() => void older()}>
              {t('imports.more')}
            </button>
          )}
        </section>
      )}
    </main>
  )
}
