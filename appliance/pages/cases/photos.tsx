import { useSignal } from '@preact/signals'
import { Camera, Image as ImageIcon } from 'lucide-preact'
import type { CaseLine, CasePhoto } from '../../cases/views.ts'
import { formatMoment } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { PhotoView } from './photo-view.tsx'
import { TakePhoto } from './take-photo.tsx'
import './photo.css'

type Props = {
  line: CaseLine
  /** Whether photos may still come and go. */
  open: boolean
  changed: () => unknown
}

/** The photos of a case's papers: each is looked at by a press, since that is written down. */
export function Photos({ line, open, changed }: Props) {
  const shown = useSignal<string | null>(null)
  const taking = useSignal<CasePhoto | 'more' | null>(null)
  const { photos } = line
  const photo = photos.find((one) => one.photo === shown.value)
  if (!open && photos.length === 0) return null
  return (
    <div class="wide photos">
      <div class="buttons">
        {photos.map((one) => (
          <button
            key={one.photo}
            type="button"
            class="button photo-name"
            disabled={!one.here}
            aria-expanded={shown.value === one.photo}
            aria-label={labelOf(one)}
            title={one.here ? undefined : t('photo.gone')}
            onClick={() => {
              shown.value = shown.value === one.photo ? null : one.photo
              taking.value = null
            }}
          >
            <ImageIcon class="icon" strokeWidth={1.8} aria-hidden="true" />
            {one.paper ?? t('photo.other')}
            {!one.here && <small class="quiet">{t('photo.gone')}</small>}
            {one.way && <small class="quiet">{t(`photo.way-${one.way}`)}</small>}
          </button>
        ))}
        {open && taking.value === null && (
          <button
            type="button"
            class="button"
            onClick={() => {
              taking.value = 'more'
              shown.value = null
            }}
          >
            <Camera class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('photo.add')}
          </button>
        )}
      </div>
      {photo && (
        <PhotoView
          key={photo.photo}
          id={line.case}
          photo={photo}
          open={open}
          changed={(next) => {
            shown.value = next
            changed()
          }}
          replace={() => {
            shown.value = null
            taking.value = photo
          }}
          close={() => {
            shown.value = null
          }}
        />
      )}
      {open && taking.value !== null && (
        <TakePhoto
          line={line}
          replaces={taking.value === 'more' ? null : taking.value}
          changed={changed}
          close={() => {
            taking.value = null
          }}
        />
      )}
    </div>
  )
}

const labelOf = ({ paper, at, way }: CasePhoto): string =>
  [t('photo.look', { paper: paper ?? t('photo.other'), at: formatMoment(at) }), way && t(`photo.way-${way}`)]
    .filter(Boolean)
    .join(', ')
