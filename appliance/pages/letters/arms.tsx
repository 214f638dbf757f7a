import { useSignal } from '@preact/signals'
import { FileUp, Trash2 } from 'lucide-preact'
import { useEffect } from 'preact/hooks'
import type { ArmsView } from '../../letters/views.ts'
import { ask, explain } from '../ui/api.ts'
import { formatMoment } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { heedRefusal } from '../ui/staff/session.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { StateLine } from '../ui/state-line.tsx'

/** What no picture of a coat of arms needs, and a slow line would carry for minutes. */
const mostBytes = 20_000_000
/** The box sets a letter with it before it takes it. */
const uploadMs = 90_000

/** The coat of arms on letterheads: brought as a picture, seen, taken away. */
export function Arms() {
  const view = useSignal<ArmsView | null>(null)
  const busy = useSignal(false)
  const problem = useSignal<string | null>(null)
  const said = useSignal<string | null>(null)
  const { submit, busy: removing, problemOf } = useSubmit()

  async function load() {
    try {
      view.value = await ask<ArmsView>('GET', '/api/letters/arms')
    } catch (error) {
      problem.value = explain(error)
      heedRefusal(error)
    }
  }
  useEffect(() => void load(), [])

  async function bring(file: File) {
    problem.value = null
    said.value = null
    if (file.size > mostBytes) {
      problem.value = t('letters.arms-far-too-large')
      return
    }
    busy.value = true
    try {
      const body = new Blob([file], { type: 'application/octet-stream' })
      await ask('POST', '/api/letters/arms', body, uploadMs)
      said.value = t('letters.arms-taken')
      await load()
    } catch (error) {
      problem.value = explain(error)
      heedRefusal(error)
    } finally {
      busy.value = false
    }
  }

  async function remove() {
    problem.value = null
    said.value = null
    if (!(await submit((send) => send('POST', '/api/letters/arms/remove')))) return
    said.value = t('letters.arms-removed')
    await load()
  }

  const { value: now } = view
  return (
    <section class="group form arms">
      <h2>{t('letters.arms')}</h2>
      <p class="quiet">{t('letters.arms-what')}</p>
      {now?.state === 'here' && (
        <figure>
          <img src={`/api/letters/arms/picture?v=${now.hash}`} alt={t('letters.arms')} />
          <figcaption class="quiet">
            {t('letters.arms-by', { at: formatMoment(now.at ?? 0), by: now.by ?? '' })}
          </figcaption>
        </figure>
      )}
      {now?.state === 'lost' && <StateLine kind="error">{t('letters.arms-lost')}</StateLine>}
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      {problemOf(null) && <StateLine kind="error">{problemOf(null)}</StateLine>}
      <p class="said" role="status">
        {busy.value ? t('letters.arms-looking') : said.value}
      </p>
      <div class="buttons">
        <label class="button file">
          <FileUp class="icon" strokeWidth={1.8} aria-hidden="true" />
          {now?.state === 'none' ? t('letters.arms-choose') : t('letters.arms-other')}
          <input
            class="unseen"
            type="file"
            accept=".png,.jpg,.jpeg,image/png,image/jpeg"
            disabled={busy.value}
            onChange={({ currentTarget }) => {
              const [file] = currentTarget.files ?? []
              if (file) void bring(file)
              // The same file may be chosen again once it was mended.
              currentTarget.value = ''
            }}
          />
        </label>
        {now && now.state !== 'none' && (
          <button
            type="button"
            class="button button-quiet"
            disabled={busy.value || removing}
            onClick={() => void remove()}
          >
            <Trash2 class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('letters.arms-remove')}
          </button>
        )}
      </div>
    </section>
  )
}
