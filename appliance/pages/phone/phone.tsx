import 'messages:phone'
import '../ui/base.css'
import '../ui/theme-auto.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { LineView, TicketView } from '../../queue/ticket-view.ts'
import { ask, codeOf } from '../ui/api.ts'
import { now as boxNow } from '../ui/clock.ts'
import { formatTime } from '../ui/format.ts'
import { LanguageSwitch } from '../ui/language-switch.tsx'
import { useLive } from '../ui/live.ts'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { StateLine } from '../ui/state-line.tsx'
import { useAlert } from './alert.ts'
import { Called } from './called.tsx'
import { Cases } from './cases.tsx'
import { Ended } from './ended.tsx'
import { useNearly } from './nearly.ts'
import { type Standing, standing } from './standing.ts'
import { Waiting } from './waiting.tsx'
import './phone.css'

const retryMs = 4000

function Phone({ id }: { id: string }) {
  const ticket = useSignal<TicketView | 'unknown' | null>(null)
  const cut = useSignal(false)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    async function load() {
      try {
        ticket.value = await ask<TicketView>('GET', `/api/tickets/${id}`)
        cut.value = false
      } catch (error) {
        if (['not-found', 'invalid', 'queue.ticket-unknown'].includes(codeOf(error))) {
          ticket.value = 'unknown'
          return
        }
        cut.value = true
        timer = setTimeout(load, retryMs)
      }
    }
    void load()
    return () => clearTimeout(timer)
  }, [])

  if (ticket.value === 'unknown') {
    return (
      <main class="phone">
        <div class="alone">
          <Mark />
          <h1>{t('phone.unknown')}</h1>
          <p class="quiet">{t('phone.unknown-what')}</p>
          <p class="act">
            <a href="/visitor">{t('phone.see-line')}</a>
          </p>
        </div>
      </main>
    )
  }
  if (!ticket.value) return <main class="phone">{cut.value && <StateLine kind="cut">{t('phone.cut')}</StateLine>}</main>
  return (
    <Following
      ticket={ticket.value}
      change={(fresh) => {
        ticket.value = fresh
      }}
    />
  )
}

function Following({ ticket, change }: { ticket: TicketView; change: (fresh: TicketView) => void }) {
  const live = useLive<LineView>('/live/line', { evenHidden: true })
  const view = live.view.value
  const now = standing(ticket, view)
  const nearly = useNearly(ticket.ticket, now)
  const sound = useAlert((nearly.told.value ? 1 : 0) + (now.state === 'called' ? now.calls : 0))
  const cut = live.link.value === 'cut'
  const undoUntil = useSignal<number | null>(null)
  const changeHere = (fresh: TicketView) => {
    undoUntil.value = fresh.state === 'cancelled' ? boxNow.value + 10_000 : null
    change(fresh)
  }

  // The line is of another day: the box knows whether this ticket went along.
  useEffect(() => {
    if (!view?.day || view.day === ticket.day) return
    ask<TicketView>('GET', `/api/tickets/${ticket.ticket}`).then(change, () => {})
  }, [view?.day])

  useEffect(() => {
    document.title = now.state === 'called' ? t('phone.tab-called', { number: ticket.number }) : ticket.number
    document.documentElement.classList.toggle('called', now.state === 'called')
  }, [now.state])

  return (
    <main class="phone">
      <header>
        <Mark />
        <b>{view?.office.name}</b>
        {cut ? (
          <StateLine kind="cut">
            {t('phone.as-of', { time: formatTime(live.seenAt.value ?? ticket.takenAt) })}
          </StateLine>
        ) : (
          <span class="quiet">
            <i class="dot" aria-hidden="true" /> {t('phone.live')}
          </span>
        )}
      </header>
      <Body
        {...{ ticket, now, sound, nearly }}
        at={view?.office.now ?? boxNow.peek()}
        opensAt={view?.opensAt ?? null}
        undoUntil={undoUntil.value}
        change={changeHere}
      />
      <Cases ticket={ticket.ticket} state={now.state} />
      <footer>
        {cut && <p class="quiet">{t('phone.cut')}</p>}
        <LanguageSwitch keep="remember" />
      </footer>
    </main>
  )
}

type BodyProps = {
  ticket: TicketView
  now: Standing
  at: number
  sound: ReturnType<typeof useAlert>
  nearly: ReturnType<typeof useNearly>
  opensAt: number | null
  undoUntil: number | null
  change: (fresh: TicketView) => void
}

function Body({ ticket, now, at, sound, nearly, opensAt, undoUntil, change }: BodyProps) {
  switch (now.state) {
    case 'waiting':
      return <Waiting ticket={ticket} now={now} {...{ at, sound, nearly, change }} />
    case 'called':
      return <Called ticket={ticket} now={now} change={change} />
    default:
      return <Ended ticket={ticket} standing={now} {...{ opensAt, undoUntil, change }} />
  }
}

mount(<Phone id={location.pathname.split('/')[2] ?? ''} />)
