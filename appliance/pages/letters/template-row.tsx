import type { TemplateLine } from '../../letters/templates-view.ts'
import { t } from '../ui/messages.ts'
import { useSubmit } from '../ui/staff/submit.ts'

type Props = {
  line: TemplateLine
  /** Whether something was typed that is not saved. */
  unsaved: boolean
  edit: () => void
  changed: () => void
}

/** One kind of letter in the list: whose it is, how it looks, whether it is in use. */
export function TemplateRow({ line, unsaved, edit, changed }: Props) {
  const { code, title, source, used, newer, uses, by } = line
  const { submit, busy, problemOf } = useSubmit()
  return (
    <li class={`row ${used ? '' : 'closed'}`}>
      <div class="about">
        <b>{title}</b>
        {source !== 'shipped' && <span class="tag">{t(`letters.source-${source}`)}</span>}
        {!used && <span class="tag">{t('letters.kind-off')}</span>}
        {newer && <span class="tag">{t(`letters.newer-${newer}`)}</span>}
        {unsaved && <span class="tag">{t('letters.kind-unsaved')}</span>}
        <p class="quiet">
          {[uses > 0 && t('letters.kind-uses', { n: uses }), by && t('letters.kind-by', { by })]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      <div class="buttons">
        <a class="button" href={`/api/letters/kinds/${code}/sample.pdf`} target="_blank" rel="noopener">
          {t('letters.kind-sample')}
        </a>
        <button
          type="button"
          class="button button-quiet"
          disabled={busy}
          onClick={() =>
            void submit((send) => send('POST', `/api/letters/kinds/${code}/use`, { used: !used })).then(changed)
          }
        >
          {used ? t('letters.kind-turn-off') : t('letters.kind-turn-on')}
        </button>
        <button type="button" class="button" onClick={edit}>
          {t('letters.kind-edit')}
        </button>
      </div>
      {problemOf(null) && (
        <p class="wrong wide" role="alert">
          {problemOf(null)}
        </p>
      )}
    </li>
  )
}
