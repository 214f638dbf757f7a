import { useSignal } from '@preact/signals'
import type { FlowsView } from '../../../automation/views.ts'
import { formatMoment } from '../../ui/format.ts'
import { t } from '../../ui/messages.ts'
import { Field } from '../../ui/staff/field.tsx'
import { Problem } from '../../ui/staff/problem.tsx'
import { RemoveButton } from '../../ui/staff/remove-button.tsx'
import { useSubmit } from '../../ui/staff/submit.ts'

type Token = FlowsView['tokens'][number]

/** For a Node-RED on another machine of the office: a token that is shown once, and can be taken back. */
export function Tokens({ tokens, fingerprint }: { tokens: Token[]; fingerprint: string }) {
  const name = useSignal('')
  const act = useSignal(false)
  const secret = useSignal<string | null>(null)
  const { submit, busy, problemOf } = useSubmit({}, ['name'])
  return (
    <details class="bring">
      <summary>{t('technician.flows-tokens')}</summary>
      <p class="quiet">{t('technician.flows-tokens-what')}</p>
      <form
        onSubmit={async (event) => {
          event.preventDefault()
          secret.value = null
          const body = { name: name.value.trim(), act: act.value }
          const made = await submit(async (send) => {
            secret.value = (await send<{ secret: string }>('POST', '/api/flows/tokens', body)).secret
          })
          if (made) name.value = ''
        }}
      >
        <Field
          label={t('technician.flows-token-name')}
          value={name}
          problem={problemOf('name')}
          required
          maxLength={60}
          autocomplete="off"
        />
        <label class="check">
          <input
            type="checkbox"
            checked={act.value}
            onChange={(event) => {
              act.value = event.currentTarget.checked
            }}
          />
          {t('technician.flows-token-act')}
        </label>
        <Problem sentence={problemOf(null)} />
        {secret.value && (
          <p role="status">
            {t('technician.flows-token-said')} <code>{secret.value}</code>
          </p>
        )}
        <button type="submit" class="button" disabled={busy}>
          {t('technician.flows-token-make')}
        </button>
      </form>
      <p class="quiet">
        {t('technician.flows-fingerprint')} <code>{fingerprint}</code>
      </p>
      {tokens.length > 0 && (
        <ul class="group">
          {tokens.map((token) => (
            <TokenRow key={token.token} token={token} />
          ))}
        </ul>
      )}
    </details>
  )
}

function TokenRow({ token: { token, name, scopes, madeBy, madeAt } }: { token: Token }) {
  const { submit, busy, problemOf } = useSubmit()
  return (
    <li class="version">
      <div>
        <b>{name}</b>{' '}
        <span class="quiet">
          {t(scopes.includes('act') ? 'technician.flows-token-acts' : 'technician.flows-token-reads')}; {madeBy},{' '}
          {formatMoment(madeAt)}
        </span>
        {problemOf(null) && <em class="wrong">{problemOf(null)}</em>}
      </div>
      <div class="buttons">
        <RemoveButton
          word={t('technician.remove')}
          label={t('technician.flows-token-remove', { name })}
          busy={busy}
          small
          onRemove={() => submit((send) => send('DELETE', `/api/flows/tokens/${token}`, {}))}
        />
      </div>
    </li>
  )
}
