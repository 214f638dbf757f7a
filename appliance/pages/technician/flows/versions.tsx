import { useSignal } from '@preact/signals'
import type { FlowsView } from '../../../automation/views.ts'
import { formatMoment } from '../../ui/format.ts'
import { t } from '../../ui/messages.ts'
import { useDifferences } from './differences.tsx'

type Version = FlowsView['versions'][number]

/** Shown at first; the others on demand. */
const few = 5

/** Every deploy, the newest first: who made it, what it changed, and the way back to it. */
export function Versions({ versions }: { versions: Version[] }) {
  const all = useSignal(false)
  const shown = all.value ? versions : versions.slice(0, few)
  return (
    <>
      <ul class="group">
        {shown.map((version, index) => (
          <VersionRow key={version.version} version={version} isNewest={index === 0} />
        ))}
      </ul>
      {versions.length > shown.length && (
        <button
          type="button"
          class="button small more"
          onClick={() => {
            all.value = true
          }}
        >
          {t('technician.flows-all', { n: versions.length })}
        </button>
      )}
    </>
  )
}

function VersionRow({
  version: { version, at, author, origin, of, sound },
  isNewest,
}: {
  version: Version
  isNewest: boolean
}) {
  const { submit, busy, button, outcome } = useDifferences(`/api/flows/versions/${version}/differences`)
  return (
    <li class="version">
      <div>
        <b>{t('technician.flows-version', { n: version })}</b>{' '}
        {isNewest && <em class="newest">{t('technician.flows-newest')}</em>}
        <span class="quiet">
          {formatMoment(at)}; {t(`technician.flows-origin-${origin}`, { name: author, n: of ?? 0 })}
          {sound && `; ${t('technician.flows-sound')}`}
        </span>
      </div>
      <div class="buttons">
        {version > 1 && button}
        <a class="button small" href={`/api/flows/versions/${version}/file`} download>
          {t('technician.flows-save')}
        </a>
        {!isNewest && (
          <button
            type="button"
            class="button small"
            disabled={busy}
            onClick={() => submit((send) => send('POST', `/api/flows/versions/${version}/back`, {}))}
          >
            {t('technician.flows-back')}
          </button>
        )}
      </div>
      {outcome}
    </li>
  )
}
