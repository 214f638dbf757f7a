import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { StickView } from '../../stick/views.ts'
import { ask } from '../ui/api.ts'
import { formatTime } from '../ui/format.ts'
import { count, t } from '../ui/messages.ts'
import { readText } from '../ui/read-text.ts'
import { Problem } from '../ui/staff/problem.tsx'
import { useSubmit } from '../ui/staff/submit.ts'

const lookEveryMs = 5_000

/** What is carried to the regency where no line is, and the receipt that comes back. */
export function Stick() {
  const view = useSignal<StickView | null>(null)
  const writing = useSubmit()
  const taking = useSubmit()
  const take = (found: StickView) => {
    view.value = found
  }
  useEffect(() => {
    const load = () => void ask<StickView>('GET', '/api/stick').then(take, () => {})
    load()
    const timer = setInterval(load, lookEveryMs)
    return () => clearInterval(timer)
  }, [])

  if (!view.value?.possible) return null
  const { there, waiting, photosWaiting, written, taken } = view.value
  const some = waiting + photosWaiting > 0
  return (
    <details class="bring" open={there && some}>
      <summary>{t('stick.title')}</summary>
      <p class="quiet">{t('stick.what')}</p>
      <p>
        {some ? t('stick.waiting', { n: count(waiting) }) : t('stick.none-waiting')}
        {photosWaiting > 0 && ` ${t('stick.waiting-photos', { n: count(photosWaiting) })}`}
      </p>
      {some && (
        <div class="buttons">
          {there && (
            <button
              type="button"
              class="button"
              disabled={writing.busy}
              onClick={() => writing.submit(async (send) => take(await send<StickView>('POST', '/api/stick', {})))}
            >
              {t('stick.write')}
            </button>
          )}
          <a class="button more" href="/api/stick/file" download>
            {t('stick.download')}
          </a>
        </div>
      )}
      {some && !there && <p class="quiet">{t('stick.no-stick')}</p>}
      <Problem sentence={writing.problemOf(null)} />
      {written && (
        <p role="status">
          {t('stick.written', {
            n: count(written.entries),
            file: written.file,
            time: formatTime(written.at),
          })}
          {written.photos > 0 && ` ${t('stick.with-photos', { n: count(written.photos) })}`}
          {written.rest && ` ${t('stick.rest')}`}
        </p>
      )}
      <form
        onSubmit={async (event) => {
          event.preventDefault()
          const form = event.currentTarget
          const [file] = form.querySelector('input')?.files ?? []
          if (!file) return
          const text = await readText(file)
          const done = await taking.submit(async (send) =>
            take(await send<StickView>('POST', '/api/stick/receipt', { file: text })),
          )
          if (done) form.reset()
        }}
      >
        <h3>{t('stick.receipt')}</h3>
        <p class="quiet">{t('stick.receipt-what')}</p>
        <label class="field">
          {t('stick.receipt-choose')}
          <input type="file" accept=".balai,.txt" required />
        </label>
        <Problem sentence={taking.problemOf(null)} />
        {taken && (
          <p role="status">
            {t(taken.entries + taken.photos > 0 ? 'stick.taken' : 'stick.taken-none', {
              n: count(taken.entries),
              time: formatTime(taken.at),
            })}
            {taken.photos > 0 && ` ${t('stick.taken-photos', { n: count(taken.photos) })}`}
          </p>
        )}
        <button type="submit" class="button" disabled={taking.busy}>
          {t('stick.receipt-take')}
        </button>
      </form>
    </details>
  )
}
