import 'messages:residents'
import '../ui/base.css'
import '../ui/theme-auto.css'
import '../ui/staff/list.css'
import '../ui/staff/form.css'
import { useSignal } from '@preact/signals'
import type { ResidentsView } from '../../residents/views.ts'
import { useLive } from '../ui/live.ts'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { type Me, mayWatch, refreshSession } from '../ui/staff/session.ts'
import { Staff } from '../ui/staff/staff.tsx'
import { StaffTop } from '../ui/staff/staff-top.tsx'
import { StateLine } from '../ui/state-line.tsx'
import { Figures } from './figures.tsx'
import { Find } from './find.tsx'
import { Imports } from './imports.tsx'
import { Openings } from './openings.tsx'
import { Proposals } from './proposals.tsx'
import { Retention } from './retention.tsx'
import './proposals.css'
import './residents.css'

/** Who lives here: found by whatever is known of them, and for whoever keeps the list the files that bring them. */
function Residents({ me }: { me: Me }) {
  const live = useLive<ResidentsView>('/live/residents', { refused: refreshSession, mayOpen: mayWatch })
  const here = useSignal<'find' | 'proposals' | 'figures' | 'imports' | 'openings' | 'retention'>('find')
  const keeps = me.role === 'secretary' || me.role === 'head'
  const heads = me.role === 'head'
  /** What the regency sent waits for whoever keeps the list. */
  const waits = useSignal(false)
  const view = live.view.value
  const cut = live.link.value === 'cut'
  return (
    <>
      <StaffTop
        title={t('residents.title')}
        me={me}
        here={here}
        places={(
          [
            { name: 'find', word: t('residents.find') },
            { name: 'proposals', word: t('proposals.tab') },
            { name: 'figures', word: t('residents.figures') },
            { name: 'imports', word: t('imports.title'), waits: waits.value ? t('imports.waits') : null },
            { name: 'openings', word: t('residents.openings') },
            { name: 'retention', word: t('residents.retention') },
          ] as const
        ).filter(({ name }) => mayGo(name, me.role))}
      />
      {cut && (
        <div class="line-cut">
          <StateLine kind="cut">{t('residents.cut')}</StateLine>
        </div>
      )}
      {/* Hidden, not removed: what was typed survives a look at the files. */}
      <div hidden={here.value !== 'find'}>
        <Find view={view} cut={cut} keeps={keeps} toImports={() => (here.value = 'imports')} />
      </div>
      {here.value === 'proposals' && <Proposals residents={view} />}
      {here.value === 'figures' && <Figures />}
      {heads && here.value === 'openings' && <Openings />}
      {keeps && here.value === 'retention' && <Retention />}
      {keeps && (
        <div hidden={here.value !== 'imports'}>
          <Imports waits={waits} />
        </div>
      )}
    </>
  )
}

/** Secretary and head keep the list; who looked at whom is for the head. */
function mayGo(place: string, role: Me['role']): boolean {
  if (place === 'openings') return role === 'head'
  return role === 'secretary' || role === 'head' || (place !== 'imports' && place !== 'retention')
}

mount(<Staff roles={['clerk', 'secretary', 'head']}>{(me) => <Residents me={me} />}</Staff>)
