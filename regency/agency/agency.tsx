import 'messages:agency'
import '../../appliance/pages/ui/base.css'
import '../../appliance/pages/ui/theme-auto.css'
import '../../appliance/pages/ui/button.css'
import '../../appliance/pages/ui/staff/list.css'
import '../../appliance/pages/ui/staff/form.css'
import '../../appliance/pages/ui/staff/select.css'
import { useSignal } from '@preact/signals'
import { LanguageSwitch } from '../../appliance/pages/ui/language-switch.tsx'
import { Mark } from '../../appliance/pages/ui/mark.tsx'
import { t } from '../../appliance/pages/ui/messages.ts'
import { mount } from '../../appliance/pages/ui/mount.tsx'
import { Enter } from './enter.tsx'
import { Inbox } from './inbox-list.tsx'
import { Notify } from './notify.tsx'
import type { Access } from './open-case.ts'
import './agency.css'

/** An agency's inbox. Its token and its key stay in this tab: closing it forgets both. */
function Agency() {
  const access = useSignal<Access | null>(null)
  return (
    <main class="agency">
      <header>
        <Mark />
        <b>{t('agency.title')}</b>
        {access.value && (
          <button
            type="button"
            class="button button-quiet"
            onClick={() => {
              access.value = null
            }}
          >
            {t('agency.leave')}
          </button>
        )}
      </header>
      {access.value ? (
        <>
          {access.value.me.mayNotify && <Notify access={access.value} />}
          {access.value.key !== null && <Inbox token={access.value.token} secret={access.value.key} />}
        </>
      ) : (
        <Enter
          entered={(next) => {
            access.value = next
          }}
        />
      )}
      <footer>
        <LanguageSwitch keep="remember" />
      </footer>
    </main>
  )
}

mount(<Agency />)
