import { useSignal } from '@preact/signals'
import { Image as ImageIcon } from 'lucide-preact'
import { explain, fetchWithin, Refusal } from '../../appliance/pages/ui/api.ts'
import { t } from '../../appliance/pages/ui/messages.ts'
import { openBytes } from './open-case.ts'
import type { InboxCase } from './views.ts'

type Props = Pick<InboxCase, 'village' | 'photos'> & { token: string; secret: string }

/** The photos that came with an application: fetched sealed, and opened here, one by one as somebody asks for them. */
export function Photos({ village, photos, token, secret }: Props) {
  const shown = useSignal<{ file: string; url: string; name: string } | null>(null)
  const problem = useSignal<string | null>(null)
  const busy = useSignal(false)
  if (photos.length === 0) return null

  async function look(file: string, name: string) {
    if (shown.value?.file === file) {
      shown.value = null
      return
    }
    busy.value = true
    try {
      const sealed = await fetchPhoto(token, village, file)
      const picture = await openBytes(sealed, secret)
      shown.value = picture && { file, name, url: await toDataUrl(picture) }
      problem.value = picture ? null : t('agency.does-not-open')
    } catch (error) {
      problem.value = explain(error)
    } finally {
      busy.value = false
    }
  }
  return (
    <div class="wide case-photos">
      <div class="buttons">
        {photos.map(({ file, paper, here }) => {
          const name = paper ?? t('agency.photo-other')
          return here ? (
            <button
              key={file}
              type="button"
              class="button"
              disabled={busy.value}
              aria-expanded={shown.value?.file === file}
              onClick={() => void look(file, name)}
            >
              <ImageIcon class="icon" strokeWidth={1.8} aria-hidden="true" />
              {t('agency.photo', { paper: name })}
            </button>
          ) : (
            <span key={file} class="quiet">
              {t('agency.photo-on-its-way', { paper: name })}
            </span>
          )
        })}
      </div>
      {problem.value && (
        <p class="wrong" role="alert">
          {problem.value}
        </p>
      )}
      {shown.value && (
        <figure>
          <img src={shown.value.url} alt={t('agency.photo', { paper: shown.value.name })} />
        </figure>
      )}
    </div>
  )
}

/** Sealed, as the hub has it. Throws Refusal. */
const fetchPhoto = (token: string, village: string, file: string): Promise<Uint8Array> =>
  fetchWithin(
    30_000,
    `/api/agency/photos/${village}/${file}`,
    { headers: { authorization: `Bearer ${token}` } },
    async (response) => {
      if (response.ok) return new Uint8Array(await response.arrayBuffer())
      const { code = 'unknown' } = (await response.json().catch(() => ({}))) as { code?: string }
      throw new Refusal({ code, message: '', details: {} }, response.status)
    },
  ).catch((error) => {
    throw error instanceof Refusal
      ? error
      : new Refusal({ code: 'unreachable', message: String(error), details: {} }, 504)
  })

/** The console's policy takes pictures by data URLs only. */
const toDataUrl = (picture: Uint8Array): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(new Blob([picture as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' }))
  })
