import { useSignal } from '@preact/signals'
import { RotateCw } from 'lucide-preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import type { CasePhoto } from '../../cases/views.ts'
import { ask, newKey } from '../ui/api.ts'
import { drawFitting } from '../ui/draw-picture.ts'
import { t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'
import { toPhoto, turnRight, workSide } from './photo-file.ts'

type Props = {
  /** Of the case. */
  id: string
  photo: CasePhoto
  open: boolean
  /** `next`: the photo that is looked at from now on. */
  changed: (next: string | null) => void
  replace: () => void
  close: () => void
}

/** One photo as large as there is room: turned, replaced, taken away. */
export function PhotoView({ id, photo: { photo, paper }, open, changed, replace, close }: Props) {
  const image = useRef<HTMLImageElement>(null)
  const first = useRef<HTMLButtonElement>(null)
  const failed = useSignal(false)
  const removing = useSignal(false)
  const { submit, busy, problemOf } = useSubmit()
  const path = `/api/cases/${id}/photos`
  const name = paper ?? t('photo.other')
  useLayoutEffect(() => first.current?.focus(), [])

  async function turn() {
    const shown = image.current
    if (!shown || shown.naturalWidth === 0) return
    let next = photo
    const turned = await submit(async () => {
      const whole = drawFitting(shown, { width: shown.naturalWidth, height: shown.naturalHeight }, workSide)
      const query = new URLSearchParams({ ...(paper === null ? {} : { paper }), replaces: photo, key: newKey() })
      next = (await ask<{ photo: string }>('POST', `${path}?${query}`, await toPhoto(turnRight(whole)), 60_000)).photo
    })
    if (turned) changed(next)
  }
  async function remove() {
    if (await submit((send) => send('POST', `${path}/${photo}/remove`))) changed(null)
  }
  return (
    <figure class="group photo-view">
      {failed.value ? (
        <p class="wrong" role="alert">
          {t('photo.not-shown')}
        </p>
      ) : (
        <img
          ref={image}
          src={`${path}/${photo}`}
          alt={t('photo.photo-of', { paper: name })}
          onError={() => {
            failed.value = true
          }}
        />
      )}
      <figcaption>{name}</figcaption>
      {problemOf(null) && (
        <p class="wrong" role="alert">
          {problemOf(null)}
        </p>
      )}
      <div class="buttons">
        <button ref={first} type="button" class="button" onClick={close}>
          {t('photo.close')}
        </button>
        {open && !failed.value && (
          <button type="button" class="button" disabled={busy} onClick={() => void turn()}>
            <RotateCw class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('photo.turn')}
          </button>
        )}
        {open && (
          <button type="button" class="button" disabled={busy} onClick={replace}>
            {t('photo.replace')}
          </button>
        )}
        {open && !removing.value && (
          <button
            type="button"
            class="button button-chili"
            onClick={() => {
              removing.value = true
            }}
          >
            {t('photo.remove')}
          </button>
        )}
        {open && removing.value && (
          <>
            <span role="status">{t('photo.remove-sure')}</span>
            <button type="button" class="button button-chili" disabled={busy} onClick={() => void remove()}>
              {t('photo.remove-yes')}
            </button>
            <button
              type="button"
              class="button button-quiet"
              onClick={() => {
                removing.value = false
              }}
            >
              {t('photo.remove-no')}
            </button>
          </>
        )}
      </div>
    </figure>
  )
}
