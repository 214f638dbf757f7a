import { type Signal, useSignal } from '@preact/signals'
import { Bell, BellRing, Volume2, VolumeX } from 'lucide-preact'
import type { TicketView } from '../../queue/ticket-view.ts'
import { clockTrust } from '../ui/clock.ts'
import { formatBasis, formatExpected, formatRange, formatTime } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { describePublished } from '../ui/published.ts'
import { Changes } from './changes.tsx'
import { nearlyAhead, type useNearly } from './nearly.ts'
import type { Standing } from './standing.ts'

// More steps than this are too narrow to count on a small phone.
const maxSteps = 8

type Props = {
  ticket: TicketView
  now: Standing
  /** The moment from which its wait counts. */
  at: number
  sound: Signal<boolean>
  nearly: ReturnType<typeof useNearly>
  change: (fresh: TicketView) => void
}

/** My number, how many before me, what to have ready. */
export function Waiting({ ticket, now: { ahead, wait }, at, sound, nearly, change }: Props) {
  const most = useSignal(Math.max(ahead, ticket.ahead))
  if (ahead > most.value) most.value = ahead
  const Speaker = sound.value ? Volume2 : VolumeX
  return (
    <>
      <section class="card" aria-live="polite">
        <p>{ticket.service}</p>
        <h1 class="n num">{ticket.number}</h1>
        <div class="facts">
          <p>
            <b>{ahead ? t('phone.people', { n: ahead }) : t('phone.you-are-next')}</b>
            {ahead ? t('phone.ahead') : t('phone.stay-near')}
          </p>
          {ticket.bookedAt !== null && <p>{t('ui.booked', { time: formatTime(ticket.bookedAt) })}</p>}
          {ticket.bookedAt === null && ahead > 0 && wait && (
            <p>
              <b>{clockTrust.value === 'doubtful' ? formatRange(wait) : formatExpected(wait, at)}</b>
              {formatBasis(wait)}
            </p>
          )}
        </div>
      </section>
      {nearly.told.value && (
        <p class="nearly" role="alert">
          {ahead ? t('phone.nearly', { n: ahead }) : t('phone.nearly-next')}
        </p>
      )}
      <Path most={most.value} ahead={ahead} />
      {ticket.requires.length > 0 && (
        <section class="need">
          <h2>{t('phone.prepare')}</h2>
          <ul>
            {ticket.requires.map((paper) => (
              <li key={paper}>{paper}</li>
            ))}
          </ul>
          {ticket.published && <p class="quiet">{describePublished(ticket.published)}</p>}
        </section>
      )}
      <section class="tell">
        <button type="button">
          <Speaker class="icon" strokeWidth={1.8} aria-hidden="true" />
          {sound.value ? t('phone.sound-on') : t('phone.sound-touch')}
        </button>
        <Nearly ahead={ahead} nearly={nearly} />
      </section>
      <Changes ticket={ticket} change={change} />
    </>
  )
}

/** Whoever goes out for a while asks to be told in time. */
function Nearly({ ahead, nearly: { wanted, told, want } }: { ahead: number; nearly: ReturnType<typeof useNearly> }) {
  if (told.value || (ahead <= nearlyAhead && !wanted.value)) return null
  const Icon = wanted.value ? BellRing : Bell
  return (
    <button type="button" aria-pressed={wanted.value} onClick={want}>
      <Icon class="icon" strokeWidth={1.8} aria-hidden="true" />
      {wanted.value ? t('phone.telling') : t('phone.tell-me')}
    </button>
  )
}

/** From where it began to my turn. */
function Path({ most, ahead }: { most: number; ahead: number }) {
  const steps = Math.min(maxSteps, most + 1)
  // Never empty while on the way, never full before the call.
  const done = Math.max(1, Math.round(((most - ahead + 1) / (most + 2)) * steps))
  return (
    <div class="path" aria-hidden="true">
      {Array.from({ length: steps }, (_, i) => (
        <i key={i} class={i < done ? '' : 'todo'} />
      ))}
      <small>{t('phone.your-turn')}</small>
    </div>
  )
}
