import { Download } from 'lucide-preact'
import type { TemplateView } from '../../letters/templates-view.ts'
import { formatMoment } from '../ui/format.ts'
import { t } from '../ui/messages.ts'

type Props = {
  view: TemplateView
  busy: boolean
  restore: (row: number) => void
  /** Null: the office has none of its own, or nothing lies beneath it. */
  drop: (() => void) | null
}

/** Who changed it and when; each version can be looked at and made to count again. */
export function TemplateHistory({ view, busy, restore, drop }: Props) {
  const { history, template, beneath } = view
  const of = `/api/letters/kinds/${template.code}`
  return (
    <section class="group past">
      <div class="trail-head">
        <h2>{t('letters.past')}</h2>
        {drop && beneath && (
          <button type="button" class="button" disabled={busy} onClick={drop}>
            {t(`letters.drop-${beneath}`)}
          </button>
        )}
      </div>
      {history.length === 0 && <p class="quiet">{t('letters.past-none')}</p>}
      <ol>
        {history.map(({ row, what, at, by, counts, same }) => (
          <li key={row} class="row">
            <div class="about">
              <b>{t(`letters.past-${what}`)}</b>
              {counts && <span class="tag">{t('letters.past-counts')}</span>}
              <p class="quiet">
                {formatMoment(at)} · {by}
              </p>
            </div>
            {what === 'saved' && (
              <div class="buttons">
                <a class="button" href={`${of}/sample.pdf?of=${row}`} target="_blank" rel="noopener">
                  {t('letters.kind-sample')}
                </a>
                <a class="button" download href={`${of}/template.json?of=${row}`}>
                  <Download class="icon" strokeWidth={1.8} aria-hidden="true" />
                  {t('letters.kind-export')}
                </a>
                {!same && (
                  <button type="button" class="button" disabled={busy} onClick={() => restore(row)}>
                    {t('letters.past-restore')}
                  </button>
                )}
              </div>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
