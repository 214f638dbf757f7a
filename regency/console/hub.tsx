import 'messages:hub'
import '../../appliance/pages/ui/base.css'
import '../../appliance/pages/ui/theme-auto.css'
import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { administrators, operators, readers } from '../../appliance/base/web/callers.ts'
import { zone } from '../../appliance/pages/ui/clock.ts'
import { formatTime } from '../../appliance/pages/ui/format.ts'
import { useLive } from '../../appliance/pages/ui/live.ts'
import { Mark } from '../../appliance/pages/ui/mark.tsx'
import { t } from '../../appliance/pages/ui/messages.ts'
import { mount } from '../../appliance/pages/ui/mount.tsx'
import { Account } from '../../appliance/pages/ui/staff/account.tsx'
import { type Me, mayWatch, refreshSession, session } from '../../appliance/pages/ui/staff/session.ts'
import { Staff } from '../../appliance/pages/ui/staff/staff.tsx'
import { StateLine } from '../../appliance/pages/ui/state-line.tsx'
import { Accounts } from './accounts.tsx'
import { Audit } from './audit.tsx'
import { Commands } from './commands.tsx'
import { Datasets } from './datasets.tsx'
import { Notices } from './notices.tsx'
import { Summary } from './summary.tsx'
import { Survive } from './survive.tsx'
import type { HubView } from './view.ts'
import { VillageTable } from './village-table.tsx'
import './hub.css'

/** Each with the roles that have it. */
const parts = {
  villages: readers,
  datasets: readers,
  commands: operators,
  accounts: administrators,
  audit: administrators,
} as const
const partNames = Object.keys(parts) as (keyof typeof parts)[]

function Hub({ me }: { me: Me }) {
  const live = useLive<HubView>('/live/hub', { refused: refreshSession, mayOpen: mayWatch })
  const search = useSignal('')
  const here = useSignal<keyof typeof parts>('villages')
  const has = (part: keyof typeof parts) => parts[part].some((role) => role === me.role)
  const input = useSearchKey()
  const view = live.view.value
  const cut = live.link.value === 'cut'
  useEffect(() => {
    if (session.value) zone.value = session.value.office.zone
  }, [])

  if (!view) return <main class="alone">{cut && <StateLine kind="cut">{t('hub.cut')}</StateLine>}</main>
  return (
    <div class="hub">
      <header class="top">
        <Mark />
        <h1>{view.name}</h1>
        <span class="quiet hide" title={`Balai ${view.version}`}>
          {t('hub.offices', { n: view.villages.length })}
        </span>
        {cut && (
          <StateLine kind="cut">{t('hub.cut-as-of', { time: formatTime(live.seenAt.value ?? view.now) })}</StateLine>
        )}
        <nav aria-label={t('hub.parts')}>
          {partNames.filter(has).map((part) => (
            <button
              key={part}
              type="button"
              aria-current={here.value === part ? 'page' : undefined}
              onClick={() => {
                here.value = part
              }}
            >
              {t(`hub.part-${part}`)}
            </button>
          ))}
        </nav>
        <div class="end">
          <input
            ref={input}
            hidden={here.value !== 'villages'}
            type="search"
            aria-label={t('hub.search')}
            placeholder={`${t('hub.search')}   /`}
            value={search.value}
            onInput={(event) => {
              search.value = event.currentTarget.value
            }}
          />
          <Account me={me} />
        </div>
      </header>
      <main hidden={here.value !== 'villages'}>
        <Survive>
          <Summary view={view} />
        </Survive>
        <Survive>
          <Notices view={view} me={me} />
        </Survive>
        <VillageTable villages={view.villages} search={search.value} me={me} />
      </main>
      {/* Hidden, not removed: what was typed in one part survives a look into another. */}
      <main class="part" hidden={here.value !== 'datasets'}>
        <Survive>
          <Datasets rows={view.datasets} rollout={view.rollout} me={me} />
        </Survive>
      </main>
      {has('commands') && (
        <main class="part" hidden={here.value !== 'commands'}>
          <Commands me={me} villages={view.villages} shown={here.value === 'commands'} />
        </main>
      )}
      {has('accounts') && (
        <main class="part" hidden={here.value !== 'accounts'}>
          <Accounts me={me} shown={here.value === 'accounts'} />
        </main>
      )}
      {has('audit') && (
        <main class="part" hidden={here.value !== 'audit'}>
          <Audit villages={view.villages} shown={here.value === 'audit'} />
        </main>
      )}
    </div>
  )
}

/** `/` goes to the search, Escape leaves it. */
function useSearchKey() {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && event.target === input.current) input.current?.blur()
      const types = event.target instanceof Element && event.target.matches('input, textarea, select')
      if (event.key !== '/' || types || input.current?.hidden) return
      event.preventDefault()
      input.current?.select()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
  return input
}

mount(<Staff>{(me) => <Hub me={me} />}</Staff>)
