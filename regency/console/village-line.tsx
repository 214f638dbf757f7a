import { Component } from 'preact'
import { formatMoment, formatSpan } from '../../appliance/pages/ui/format.ts'
import { count, find, type MessageKey, t } from '../../appliance/pages/ui/messages.ts'
import { describeAlarm } from '../alarms/words.ts'
import { dotted, type Standing, standingOf } from './rows.ts'
import type { AlarmRow, VillageRow } from './view.ts'

export const standingWords = {
  action: 'hub.needs-action',
  wiped: 'hub.wiped',
  warning: 'hub.warned',
  offline: 'hub.offline',
  handled: 'hub.handled',
  planned: 'hub.planned',
  never: 'hub.never',
  connected: 'hub.connected',
} as const satisfies Record<Standing, MessageKey>

const justNowMs = 120_000
// Even one waiting entry shows a stub of a bar.
const shortestRem = 0.4
const longestRem = 5.5

type Props = {
  row: VillageRow
  /** The largest backlog of all, for the length of the bars. */
  most: number
  link: string | null
  /** By the minute: ages are no finer, and hundreds of rows are drawn by it. */
  now: number
  language: string
}

/**
 * A village; pressed anywhere it opens. On a phone a card whose second line is the reason. It is drawn again only when it says
 * something else: each view brings all of them.
 */
export class VillageLine extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return (Object.keys(next) as (keyof Props)[]).some((name) => next[name] !== this.props[name])
  }

  render(props: Props) {
    return <Line {...props} />
  }
}

function Line({ row, most, link, now }: Props) {
  const standing = standingOf(row, now)
  // The link in it is the keyboard's way.
  return (
    <tr
      class={standing}
      onClick={(event) => {
        // Whoever marks a text to copy it does not mean to go.
        if (link === null) return
        if (getSelection()?.isCollapsed !== false && event.target instanceof Element && !event.target.closest('a'))
          location.hash = link
      }}
    >
      <td class="standing">
        <span class="st">
          <i class="dot" aria-hidden="true" />
          {t(standingWords[standing])}
        </span>
      </td>
      <td class="name" title={[dotted(row.village), row.version && `Balai ${row.version}`].filter(Boolean).join(' · ')}>
        {link === null ? (
          <b>{row.name}</b>
        ) : (
          <a href={link}>
            <b>{row.name}</b>
          </a>
        )}
        {row.kind === 'kelurahan' && <small> {t('hub.kelurahan')}</small>}
      </td>
      <td class="district">{row.district}</td>
      <td class="r" data-label={t('hub.waiting')}>
        {number(row.waiting)}
      </td>
      <td class="r" data-label={t('hub.tickets')}>
        {number(row.ticketsToday)}
      </td>
      <td class="r" data-label={t('hub.served')}>
        {number(row.servedToday)}
      </td>
      <td class="backlog" data-label={t('hub.backlog')}>
        {row.backlog ? (
          <i class="bar" style={{ width: `${shortestRem + (row.backlog / most) * (longestRem - shortestRem)}rem` }} />
        ) : null}
        {number(row.backlog)}
      </td>
      <td class="seen" title={row.lastSeenAt ? formatMoment(row.lastSeenAt) : undefined}>
        {seen(row, now)}
      </td>
      <td class="note" title={allAlarms(row)}>
        {note(row, now)}
      </td>
    </tr>
  )
}

// Four digits and more have a sign between; the others are as quick as they look.
const number = (n: number | null) => (n === null ? '–' : n < 1_000 ? String(n) : count(n))

function seen(row: VillageRow, now: number): string {
  if (row.lastSeenAt === null) return '–'
  const age = now - row.lastSeenAt
  return age < justNowMs ? t('hub.just-now') : t('hub.ago', { span: formatSpan(age) })
}

const titleOf = (alarm: AlarmRow) => describeAlarm(find, alarm).title

const allAlarms = (row: VillageRow) => row.alarms.map(titleOf).join('; ')

function note(row: VillageRow, now: number): string {
  if (row.state === 'wiped') return t('hub.wiped-note', { at: row.since === null ? '–' : formatMoment(row.since) })
  if (row.work !== null) return t('hub.work-note', { reason: row.work })
  if (row.alarms.length) {
    const [first, ...more] = row.alarms.map((alarm) =>
      [
        `${titleOf(alarm)}, ${formatSpan(now - alarm.since)}`,
        ...(alarm.taken ? [t('hub.taken-short', { name: alarm.taken.name })] : []),
      ].join(' · '),
    )
    return more.length ? `${first} +${more.length}` : (first ?? '')
  }
  if (row.state === 'offline') return t('hub.offline-note')
  return row.state === 'never' ? t('hub.never-note') : ''
}
