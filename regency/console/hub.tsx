import 'messages:hub'
import '../../appliance/pages/ui/base.css'
import '../../appliance/pages/ui/theme-auto.css'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { administrators, operators, readers, watchers } from '../../appliance/base/web/callers.ts'
import { ask } from '../../appliance/pages/ui/api.ts'
import { zone } from '../../appliance/pages/ui/clock.ts'
import { formatTime } from '../../appliance/pages/ui/format.ts'
import { useLive } from '../../appliance/pages/ui/live.ts'
import { Mark } from '../../appliance/pages/ui/mark.tsx'
import { t } from '../../appliance/pages/ui/messages.ts'
import { mount } from '../../appliance/pages/ui/mount.tsx'
import { Account } from '../../appliance/pages/ui/staff/account.tsx'
import { logOut, type Me, mayWatch, refreshSession, session } from '../../appliance/pages/ui/staff/session.ts'
import { Staff } from '../../appliance/pages/ui/staff/staff.tsx'
import { StateLine } from '../../appliance/pages/ui/state-line.tsx'
import { Accounts } from './accounts.tsx'
import { Audit } from './audit.tsx'
import { Commands } from './commands.tsx'
import { Datasets } from './datasets.tsx'
import { Districts } from './districts.tsx'
import { Filters } from './filters.tsx'
import { ConsoleLogin } from './login.tsx'
import { Notices } from './notices.tsx'
import { Notifying } from './notifying.tsx'
import { linkTo, type Part, partNames, place, setFilter } from './place.ts'
import { Proposals } from './proposals.tsx'
import { keepRows } from './rows.ts'
import { SecondFactor } from './second-factor.tsx'
import { Sticks } from './sticks.tsx'
import { Summary } from './summary.tsx'
import { Survive } from './survive.tsx'
import type { HubView } from './view.ts'
import { Village } from './village.tsx'
import { VillageTable } from './village-table.tsx'
import './hub.css'

/** Each with the roles that have it. */
const parts: Record<Part, readonly string[]> = {
  villages: watchers,
  datasets: readers,
  commands: operators,
  proposals: operators,
  sticks: operators,
  notices: operators,
  accounts: administrators,
  audit: administrators,
}
function Hub({ me }: { me: Me }) {
  const live = useLive<HubView>('/live/hub', { refused: refreshSession, mayOpen: mayWatch })
  const { part, village, filter } = place.value
  const has = (one: Part) => parts[one].includes(me.role)
  const here = has(part) ? part : 'villages'
  const input = useSearchKey()
  const view = useKeptRows(live.view.value)
  const isWall = me.role === 'watcher'
  const searches = here === 'villages' && village === null
  // What stands on a village's page is not for a wall.
  const row = isWall ? undefined : view?.villages.find((one) => one.village === village)
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
          {partNames.filter(has).map((one) => (
            <button
              key={one}
              type="button"
              aria-current={here === one ? 'page' : undefined}
              onClick={() => {
                location.hash = linkTo({ part: one })
              }}
            >
              {t(`hub.part-${one}`)}
            </button>
          ))}
        </nav>
        <div class={searches ? 'end searching' : 'end'}>
          <input
            ref={input}
            hidden={!searches}
            type="search"
            aria-label={t('hub.search')}
            placeholder={`${t('hub.search')}   /`}
            value={filter.q}
            onInput={(event) => setFilter({ q: event.currentTarget.value })}
          />
          {isWall ? (
            <button type="button" class="button" onClick={() => logOut().catch(() => {})}>
              {t('hub.end-wall')}
            </button>
          ) : (
            <Account me={me}>
              <button type="button" class="button" onClick={() => beWall().catch(() => {})}>
                {t('hub.be-wall')}
              </button>
              <SecondFactor me={me} />
            </Account>
          )}
        </div>
      </header>
      {here === 'villages' && row && (
        <main class="village">
          <Survive>
            <Village row={row} work={view.work} me={me} />
          </Survive>
        </main>
      )}
      <main hidden={here !== 'villages' || row !== undefined}>
        <div class="above">
          <Survive>
            <Summary view={view} />
          </Survive>
          <Survive>
            <Notices view={view} me={me} />
          </Survive>
          {!isWall && <Filters view={view} />}
        </div>
        {filter.view === 'districts' ? (
          <Districts villages={view.villages} />
        ) : (
          <VillageTable villages={view.villages} opens={!isWall} />
        )}
      </main>
      {/* Hidden, not removed: what was typed in one part survives a look into another. */}
      <main class="part" hidden={here !== 'datasets'}>
        <Survive>
          <Datasets rows={view.datasets} rollout={view.rollout} me={me} />
        </Survive>
      </main>
      {has('commands') && (
        <main class="part" hidden={here !== 'commands'}>
          <Commands me={me} villages={view.villages} shown={here === 'commands'} />
        </main>
      )}
      {has('proposals') && (
        <main class="part" hidden={here !== 'proposals'}>
          <Proposals villages={view.villages} shown={here === 'proposals'} />
        </main>
      )}
      {has('sticks') && (
        <main class="part" hidden={here !== 'sticks'}>
          <Sticks villages={view.villages} />
        </main>
      )}
      {has('notices') && (
        <main class="part" hidden={here !== 'notices'}>
          <Notifying shown={here === 'notices'} />
        </main>
      )}
      {has('accounts') && (
        <main class="part" hidden={here !== 'accounts'}>
          <Accounts me={me} shown={here === 'accounts'} />
        </main>
      )}
      {has('audit') && (
        <main class="part" hidden={here !== 'audit'}>
          <Audit villages={view.villages} shown={here === 'audit'} />
        </main>
      )}
    </div>
  )
}

/** The view, whose rows stay the same objects as long as they say the same. */
function useKeptRows(view: HubView | null): HubView | null {
  const kept = useRef<HubView | null>(null)
  return useMemo(() => {
    kept.current = view && { ...view, villages: keepRows(kept.current?.villages ?? [], view.villages) }
    return kept.current
  }, [view])
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

const mayLock = () => session.peek()?.watch !== true

/** From here on this page only shows. */
async function beWall() {
  await ask('POST', '/api/session/watch', {})
  await refreshSession()
}

const Console = () => (
  <Staff mayLock={mayLock} login={(known) => <ConsoleLogin session={known} />}>
    {/* Another role is another page: what was open is gone, and the stream begins anew. */}
    {(me) => <Hub key={me.role} me={me} />}
  </Staff>
)

mount(<Console />)
