import { t } from '../ui/messages.ts'
import type { Me } from '../ui/staff/session.ts'

/** To whoever is served, in a tab of its own: the desk goes on. Not for whoever looks after the machine. */
export const ResidentsLink = ({ me }: { me: Me }) =>
  me.role === 'technician' ? null : (
    <a class="button" href="/residents" target="balai-residents">
      {t('desk.residents')}
    </a>
  )
