import { useSignal } from '@preact/signals'
import { Delete } from 'lucide-preact'
import { useLayoutEffect } from 'preact/hooks'
import type { KioskView } from '../../screens/kiosk-view.ts'
import { t } from '../ui/messages.ts'
import { Countdown } from './countdown.tsx'
import './pick-up.css'

const shownSeconds = 60
/** The last characters of a code, which are enough where the letter is from, and all of it, which a scanner types. */
const least = 5
const most = 12
/** The alphabet of codes: no I, L, O and U. */
const keys = ['1234567890', 'QWERTYP', 'ASDFGHJK', 'ZXCVBNM'] as const

/** Whoever fetches a finished letter types its code, on the screen or with a scanner that types it, and takes the number. */
export function PickUp({
  view,
  busy,
  collect,
  take,
  leave,
}: {
  view: KioskView
  busy: boolean
  collect: (code: string) => void
  take: (service: string) => void
  leave: () => void
}) {
  const lane = view.services.find(({ collection, open }) => collection && open)
  const typed = useSignal('')
  const put = (character: string) => {
    if (!busy) typed.value = (typed.value + character.toUpperCase()).slice(0, most)
  }
  const erase = () => {
    typed.value = typed.value.slice(0, -1)
  }
  const go = () => {
    if (!busy && typed.value.length >= least) collect(typed.value)
  }
  // At once: a scanner types as soon as the question stands there.
  useLayoutEffect(() => {
    const key = (event: KeyboardEvent) => {
      if (/^[a-z0-9]$/i.test(event.key)) put(event.key)
      else if (event.key === 'Backspace') erase()
      else if (event.key === 'Escape') leave()
      else if (event.key === 'Enter') go()
      else return
      // The key that is focused is not pressed besides.
      event.preventDefault()
    }
    addEventListener('keydown', key)
    return () => removeEventListener('keydown', key)
  })
  return (
    <main class="pick-up">
      <div>
        <h1>{t('kiosk.pick-up-title')}</h1>
        <p class="quiet">{t('kiosk.pick-up-what')}</p>
      </div>
      <div class="go">
        <p class="typed num" aria-live="polite">
          {Array.from({ length: least }, (_, place) => (
            <i key={place}>{typed.value.slice(-least)[place] ?? ''}</i>
          ))}
        </p>
        <button type="button" class="take" disabled={busy || typed.value.length < least} onClick={go}>
          {t('kiosk.pick-up-go')}
        </button>
        {lane && (
          <button type="button" class="without" disabled={busy} onClick={() => take(lane.service)}>
            {t('kiosk.pick-up-without')}
          </button>
        )}
        <Countdown key={typed.value} seconds={shownSeconds} end={leave} label={t('kiosk.back')} />
      </div>
      <div class="code-keys">
        {keys.map((row, index) => (
          <div key={row}>
            {[...row].map((character) => (
              <button key={character} type="button" class="num" disabled={busy} onClick={() => put(character)}>
                {character}
              </button>
            ))}
            {index === keys.length - 1 && (
              <button
                type="button"
                disabled={busy || typed.value === ''}
                aria-label={t('kiosk.delete-character')}
                onClick={erase}
              >
                <Delete class="icon" strokeWidth={1.8} aria-hidden="true" />
              </button>
            )}
          </div>
        ))}
      </div>
    </main>
  )
}
