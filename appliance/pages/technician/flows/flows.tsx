import type { FlowsView } from '../../../automation/views.ts'
import { formatMoment } from '../../ui/format.ts'
import { useLive } from '../../ui/live.ts'
import { find, t } from '../../ui/messages.ts'
import { mayWatch, refreshSession } from '../../ui/staff/session.ts'
import { Editor } from './editor.tsx'
import { ImportFlows } from './import-flows.tsx'
import { RegencySet } from './regency-set.tsx'
import { Tokens } from './tokens.tsx'
import { Versions } from './versions.tsx'
import './flows.css'

/** The village's own flows: how they are, their editor, every version of them, and who else may read and act. */
export function Flows() {
  const view = useLive<FlowsView>('/live/flows', { refused: refreshSession, mayOpen: mayWatch }).view.value
  if (!view) return null
  return (
    <section class="flows" aria-labelledby="flows">
      <h2 id="flows">{t('technician.flows')}</h2>
      <div class="group form">
        <p role="status" class={view.state === 'safe-mode' || view.state === 'gone' ? 'wrong' : ''}>
          {sayState(view)}
        </p>
        {view.error && <p class="wrong">{t('technician.flows-error', { what: view.error })}</p>}
        {view.lastEnd && (
          <p class="quiet">
            {find(`technician.flows-ended-${view.lastEnd.why ?? 'itself'}`, { moment: formatMoment(view.lastEnd.at) })}
          </p>
        )}
        {view.state !== 'off' && <Editor />}
      </div>
      {view.regency && <RegencySet set={view.regency} />}
      <Versions versions={view.versions} />
      <ImportFlows />
      <Tokens tokens={view.tokens} fingerprint={view.fingerprint} />
    </section>
  )
}

function sayState({ state, whyOff, missing, rssMb }: FlowsView): string {
  if (state === 'off') return t(`technician.flows-off-${whyOff ?? 'setting'}`)
  if (missing.length > 0) return t('technician.flows-missing', { types: missing.join(', ') })
  const memory = rssMb ? ` ${t('technician.flows-memory', { n: rssMb })}` : ''
  return `${t(`technician.flows-${state}`)}${memory}`
}
