import { FileText } from 'lucide-preact'
import type { CaseLine } from '../../cases/views.ts'
import { formatMoment } from '../ui/format.ts'
import { t } from '../ui/messages.ts'

/** What the agency has sent back: opened and printed from a tab of its own. */
export function Documents({ line: { case: id, documents, agency } }: { line: CaseLine }) {
  if (documents.length === 0) return null
  return (
    <div class="wide buttons">
      {documents.map(({ document, state, at }) =>
        state === 'here' ? (
          <a
            key={document}
            class="button"
            href={`/api/cases/${id}/documents/${document}/document.pdf`}
            target="_blank"
            rel="noopener"
          >
            <FileText class="icon" strokeWidth={1.8} aria-hidden="true" />
            {t('cases.document', { agency: agency ?? '' })}
          </a>
        ) : (
          <p key={document} class={state === 'unreadable' ? 'wrong' : 'quiet'}>
            {t(`cases.document-${state}`, { agency: agency ?? '', at: formatMoment(at) })}
          </p>
        ),
      )}
    </div>
  )
}
