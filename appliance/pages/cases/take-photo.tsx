import { useSignal } from '@preact/signals'
import { Camera as CameraIcon, Image as ImageIcon, Smartphone } from 'lucide-preact'
import { useRef } from 'preact/hooks'
import { isHere } from '../../cases/paper-states.ts'
import type { CaseLine, CasePhoto } from '../../cases/views.ts'
import { ask, codeOf, explain, newKey } from '../ui/api.ts'
import { drawPicture } from '../ui/draw-picture.ts'
import { t } from '../ui/messages.ts'
import { SelectField } from '../ui/staff/select-field.tsx'
import { heedRefusal } from '../ui/staff/session.ts'
import { Camera, hasCamera } from './camera.tsx'
import { PhoneLink } from './phone-link.tsx'
import { workSide } from './photo-file.ts'
import { Straighten } from './straighten.tsx'

/** A quarter of a megabyte over a poor Wi-Fi. */
const sendMs = 60_000

type Props = {
  line: CaseLine
  /** The photo whose place it takes; null: one more. */
  replaces: CasePhoto | null
  close: () => void
  changed: () => unknown
}

/** One photo after the other into a case: from a file, the counter's camera, or a phone that is paired for it. */
export function TakePhoto({ line, replaces, close, changed }: Props) {
  const { case: id, papers } = line
  const paper = useSignal(
    replaces ? (replaces.paper ?? '') : (papers.find((one) => !isHere(one))?.name ?? papers[0]?.name ?? ''),
  )
  const way = useSignal<'choose' | 'camera' | 'phone'>('choose')
  const picture = useSignal<HTMLCanvasElement | null>(null)
  const problem = useSignal<string | undefined>(undefined)
  const said = useSignal<string | null>(null)
  const busy = useSignal(false)
  /** The same while nobody knows whether it arrived: sent twice, it is one. */
  const key = useRef(newKey())

  async function read(input: HTMLInputElement) {
    const [file] = input.files ?? []
    input.value = ''
    if (!file) return
    said.value = null
    try {
      picture.value = await drawPicture(file, workSide)
      problem.value = undefined
    } catch {
      problem.value = t('photo.no-picture', { name: file.name })
    }
  }
  async function keep(photo: Blob) {
    busy.value = true
    try {
      const query = new URLSearchParams({
        ...(paper.value === '' ? {} : { paper: paper.value }),
        ...(replaces ? { replaces: replaces.photo } : {}),
        key: key.current,
      })
      await ask('POST', `/api/cases/${id}/photos?${query}`, photo, sendMs)
      key.current = newKey()
      picture.value = null
      problem.value = undefined
      way.value = way.value === 'camera' ? 'camera' : 'choose'
      said.value = t('photo.kept', { paper: paper.value === '' ? t('photo.other') : paper.value })
      changed()
      if (replaces) close()
      // What comes next is the paper that lacks next.
      else paper.value = papers.find((one) => !isHere(one) && one.name !== paper.value)?.name ?? paper.value
    } catch (error) {
      problem.value = explain(error)
      if (codeOf(error) !== 'unreachable') key.current = newKey()
      heedRefusal(error)
    } finally {
      busy.value = false
    }
  }

  if (picture.value)
    return (
      <div class="group taking">
        <Straighten
          picture={picture.value}
          go={t('photo.keep')}
          busy={busy.value}
          problem={problem.value}
          keep={(photo) => void keep(photo)}
          close={() => {
            picture.value = null
            problem.value = undefined
          }}
        />
      </div>
    )
  return (
    <div class="group taking">
      {way.value !== 'phone' && (
        <SelectField label={t('photo.of')} value={paper}>
          {papers.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
          <option value="">{t('photo.other')}</option>
        </SelectField>
      )}
      {way.value === 'camera' && (
        <Camera
          taken={(taken) => {
            said.value = null
            picture.value = taken
          }}
          close={() => {
            way.value = 'choose'
          }}
        />
      )}
      {way.value === 'phone' && (
        <PhoneLink
          line={line}
          close={() => {
            way.value = 'choose'
          }}
        />
      )}
      <p class="said" role="status">
        {said.value}
      </p>
      {problem.value && (
        <p class="wrong" role="alert">
          {problem.value}
        </p>
      )}
      {way.value === 'choose' && (
        <div class="buttons">
          <label class="button button-main choose-photo">
            <ImageIcon class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('photo.choose')}
            <input
              class="unseen"
              type="file"
              accept="image/*"
              onChange={({ currentTarget }) => void read(currentTarget)}
            />
          </label>
          {hasCamera() && (
            <button
              type="button"
              class="button"
              onClick={() => {
                problem.value = undefined
                way.value = 'camera'
              }}
            >
              <CameraIcon class="icon" strokeWidth={1.8} aria-hidden="true" />
              {t('photo.camera')}
            </button>
          )}
          {!replaces && (
            <button
              type="button"
              class="button"
              onClick={() => {
                problem.value = undefined
                way.value = 'phone'
              }}
            >
              <Smartphone class="icon" strokeWidth={1.8} aria-hidden="true" />
              {t('photo.by-phone')}
            </button>
          )}
          <button type="button" class="button button-quiet" onClick={close}>
            {t('photo.done')}
          </button>
        </div>
      )}
    </div>
  )
}
