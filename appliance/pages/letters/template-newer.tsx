import type { TemplateView } from '../../letters/templates-view.ts'
import { t } from '../ui/messages.ts'

type Props = {
  code: string
  newer: NonNullable<TemplateView['newer']>
  busy: boolean
  /** Takes it; the sentence says so. */
  take: (sentence: string) => void
  keep: () => void
}

/** Something newer lies beneath the office's own, which counts until somebody has chosen. */
export const NewerTemplate = ({ code, newer, busy, take, keep }: Props) => (
  <div class="group newer">
    <p>{t(`letters.newer-what-${newer}`)}</p>
    <div class="buttons">
      <a class="button" href={`/api/letters/kinds/${code}/sample.pdf?of=beneath`} target="_blank" rel="noopener">
        {t('letters.newer-look')}
      </a>
      <button type="button" class="button" disabled={busy} onClick={() => take(t(`letters.dropped-${newer}`))}>
        {t('letters.newer-take')}
      </button>
      <button type="button" class="button" disabled={busy} onClick={keep}>
        {t('letters.newer-keep')}
      </button>
    </div>
  </div>
)
