import type { Signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { ImportsView } from '../../imports/views.ts'
import { formatMoment, formatOfficeDay } from '../ui/format.ts'
import { useLive } from '../ui/live.ts'
import { find, t } from '../ui/messages.ts'
import { mayWatch, refreshSession } from '../ui/staff/session.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { StateLine } from '../ui/state-line.tsx'
import { BringFile } from './bring-file.tsx'
import { Counts } from './counts.tsx'
import { StagedFile } from './staged-file.tsx'

/** Files that bring residents: one at a time, looked at before it counts, taken back while it is the newest. */
export function Imports({ waits }: { waits: Signal<boolean> }) {
  const live = useLive<ImportsView>('/live/imports', { refused: refreshSession, mayOpen: mayWatch })
  const view = live.view.value
  const sentWaits = view?.staged?.sent === true && view.staged.state === 'ready'
  useEffect(() => {
    waits.value = sentWaits
  }, [sentWaits])
  if (!view) return <main class="imports" />
  const { staged, failed, past } = view
  return (
    <main class="imports">
      <header class="room">
        <div>
          <h1>{t('imports.title')}</h1>
          <p class="quiet">{t('imports.what')}</p>
        </div>
      </header>
      {failed && (
        <StateLine kind="error">{find(`error.${failed.code}`, failed.details) ?? t('error.imports.failed')}</StateLine>
      )}
      {staged ? <StagedFile staged={staged} /> : <BringFile />}
      <Past past={past} />
    </main>
  )
}

function Past({ past }: Pick<ImportsView, 'past'>) {
  const { submit, busy, problemOf } = useSubmit()
  if (past.length === 0) return null
  return (
    <section>
      <h2>{t('imports.past')}</h2>
      {problemOf(null) && <StateLine kind="error">{problemOf(null)}</StateLine>}
      <ul class="group past">
        {past.map((one) => (
          <li key={one.import} class={`row ${one.undone ? 'closed' : ''}`}>
            <div class="about">
              <b>{one.source}</b>
              {one.undone && <em class="tag">{t('imports.undone')}</em>}
              <p class="quiet">
                {t('imports.past-about', {
                  format: t(`imports.format-${one.format}`),
                  day: formatOfficeDay(one.asOf),
                  at: formatMoment(one.at),
                  by: one.sent ? t('imports.sent-by') : one.by,
                })}
              </p>
              <Counts counts={one.counts} small />
            </div>
            {one.mayUndo && (
              <div class="buttons">
                <button
                  type="button"
                  class="button"
                  disabled={busy}
                  onClick={() => void submit((send) => send('POST', '/api/imports/undo'))}
                >
                  {t('imports.undo')}
                </button>
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
