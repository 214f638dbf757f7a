import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { CaseLine } from '../../cases/views.ts'
import { ask, explain, newKey } from '../ui/api.ts'
import { now } from '../ui/clock.ts'
import { formatTime } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { QrCode } from '../ui/qr-code.tsx'
import { heedRefusal } from '../ui/staff/session.ts'
import { StateLine } from '../ui/state-line.tsx'

/** The QR by which a phone takes photos for this case alone, and what has come from it. It ends with this window. */
export function PhoneLink({ line: { case: id, phone, photos }, close }: { line: CaseLine; close: () => void }) {
  const link = useSignal<{ address: string; until: number } | null>(null)
  const problem = useSignal<string | null>(null)
  const before = useRef(new Set(photos.map(({ photo }) => photo)))
  const came = photos.filter(({ photo, byPhone }) => byPhone && !before.current.has(photo))
  const begin = () =>
    ask<{ address: string; until: number }>('POST', `/api/cases/${id}/phone`, { key: newKey() }).then(
      (given) => {
        link.value = given
        problem.value = null
      },
      (error) => {
        problem.value = explain(error)
        heedRefusal(error)
      },
    )
  useEffect(() => {
    void begin()
    // A tab that is closed says so, too; one that dies is followed by the link within a quarter of an hour.
    const end = () => void ask('POST', `/api/cases/${id}/phone/end`, { key: newKey() }).catch(() => {})
    addEventListener('pagehide', end)
    return () => {
      removeEventListener('pagehide', end)
      end()
    }
  }, [id])

  const isOver = link.value !== null && now.value >= link.value.until
  return (
    <div class="phone-link">
      {problem.value && <StateLine kind="error">{problem.value}</StateLine>}
      {link.value && !isOver && (
        <>
          <QrCode text={link.value.address} label={t('photo.phone-qr')} />
          <div>
            <p>{t('photo.phone-what')}</p>
            <p class="quiet unbroken">{link.value.address}</p>
            <p role="status">
              {phone?.met
                ? t('photo.phone-met', { time: formatTime(link.value.until) })
                : t('photo.phone-waits', { time: formatTime(link.value.until) })}
            </p>
          </div>
        </>
      )}
      {isOver && <p role="status">{t('photo.phone-over')}</p>}
      <p class="said" role="status">
        {came.length > 0 ? t('photo.phone-came', { n: came.length }) : null}
      </p>
      {came.length > 0 && (
        <ul class="came">
          {came.map(({ photo, paper }) => (
            <li key={photo}>
              <img src={`/api/cases/${id}/photos/${photo}`} alt={paper ?? t('photo.other')} />
              {paper ?? t('photo.other')}
            </li>
          ))}
        </ul>
      )}
      <div class="buttons">
        {isOver && (
          <button type="button" class="button" onClick={() => void begin()}>
            {t('photo.phone-again')}
          </button>
        )}
        <button type="button" class="button" onClick={close}>
          {t('photo.phone-end')}
        </button>
      </div>
    </div>
  )
}
