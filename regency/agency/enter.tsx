import { useSignal } from '@preact/signals'
import { explain } from '../../appliance/pages/ui/api.ts'
import { t } from '../../appliance/pages/ui/messages.ts'
import { Field } from '../../appliance/pages/ui/staff/field.tsx'
import { Problem } from '../../appliance/pages/ui/staff/problem.tsx'
import { type Access, askAs, isKey, type Me } from './open-case.ts'

/** Token and key of the agency: the one is asked of the hub, the other is only looked at here. */
export function Enter({ entered }: { entered: (access: Access) => void }) {
  const token = useSignal('')
  const key = useSignal<{ name: string; text: string } | null>(null)
  const problem = useSignal<string | undefined>(undefined)
  const busy = useSignal(false)

  async function take(file: File | undefined) {
    if (!file) return
    const text = await file.text().catch(() => '')
    key.value = isKey(text) ? { name: file.name, text: text.trim() } : null
    problem.value = isKey(text) ? undefined : t('agency.no-key')
  }
  async function enter() {
    busy.value = true
    try {
      const me = await askAs<Me>(token.value.trim(), 'GET', '/api/agency/me')
      // Whoever only tells of births and deaths reads nothing, and needs a key only to sign with.
      if (!key.value && (!me.mayNotify || me.signs)) problem.value = t('agency.key-missing')
      else entered({ token: token.value.trim(), key: key.value?.text ?? null, me })
    } catch (error) {
      problem.value = explain(error)
    } finally {
      busy.value = false
    }
  }
  return (
    <form
      class="group form"
      onSubmit={(event) => {
        event.preventDefault()
        void enter()
      }}
    >
      <h1>{t('agency.enter')}</h1>
      <p class="quiet">{t('agency.enter-what')}</p>
      <Field type="password" label={t('agency.token')} value={token} required autocomplete="current-password" />
      <label class="field key-file">
        {t('agency.key')}
        <span class="button">{key.value?.name ?? t('agency.choose-key')}</span>
        <input
          class="unseen"
          type="file"
          onChange={({ currentTarget }) => {
            void take(currentTarget.files?.[0])
          }}
        />
        <small class="quiet">{t('agency.key-what')}</small>
      </label>
      <Problem sentence={problem.value} />
      <div class="buttons">
        <button type="submit" class="button button-main" disabled={busy.value}>
          {t('agency.go')}
        </button>
      </div>
    </form>
  )
}
