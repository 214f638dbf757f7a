import { useSignal } from '@preact/signals'
import { slowNow } from '../../appliance/pages/ui/clock.ts'
import { formatMoment, formatSpan } from '../../appliance/pages/ui/format.ts'
import { count, find, type MessageKey, t } from '../../appliance/pages/ui/messages.ts'
import type { Me } from '../../appliance/pages/ui/staff/session.ts'
import { dotted, type Standing, standingOf } from './rows.ts'
import { Taking } from './taking.tsx'
import type { VillageRow } from './view.ts'

const words = {
  action: 'hub.needs-action',
  wiped: 'hub.wiped',
  offline: 'hub.offline',
  never: 'hub.never',
  connected: 'hub.connected',
} as const satisfies Record<Standing, MessageKey>

const justNowMs = 120_000
// Even one waiting entry shows a stub of a bar.
const shortestRem = 0.4
const longestRem = 5.5

/** A village, and below it each of its alarms with what to do, once its note is pressed. */
export function VillageLine({ row, most, me }: { row: VillageRow; most: number; me: Me }) {
  const open = useSignal(false)
  const standing = standingOf(row)
  const line = (
    <tr class={standing}>
      <td>
        <span class="st">
          <i class="dot" aria-hidden="true" />
          {t(words[standing])}
        </span>
      </td>
      <td title={[dotted(row.village), row.version && `Balai ${row.version}`].filter(Boolean).join(' · ')}>
        <b>{row.name}</b>
        {row.kind === 'kelurahan' && <small> {t('hub.kelurahan')}</small>}
      </td>
      <td>{row.district}</td>
      <td class="r">{number(row.waiting)}</td>
      <td class="r">{number(row.ticketsToday)}</td>
      <td class="r">{number(row.servedToday)}</td>
      <td class="r" title={row.cursor?.epoch}>
        {number(row.cursor?.seq ?? null)}
      </td>
      <td>
        {row.backlog ? (
          <i class="bar" style={{ width: `${shortestRem + (row.backlog / most) * (longestRem - shortestRem)}rem` }} />
        ) : null}
        {number(row.backlog)}
      </td>
      <td title={row.lastSeenAt ? formatMoment(row.lastSeenAt) : undefined}>{seen(row)}</td>
      <td class="note" title={allAlarms(row)}>
        {row.alarms.length > 0 ? (
          <button
            type="button"
            aria-expanded={open.value}
            onClick={() => {
              open.value = !open.value
            }}
          >
            {note(row)}
          </button>
        ) : (
          note(row)
        )}
      </td>
    </tr>
  )
  if (!open.value || row.alarms.length === 0) return line
  return (
    <>
      {line}
      <tr class="alarms">
        <td colSpan={10}>
          <ul>
            {row.alarms.map(({ code, since, taken }) => (
              <li key={code}>
                <b>{find(`alarm.${code}.title`) ?? code}</b>
                {`, ${formatSpan(slowNow.value - since)}. ${find(`alarm.${code}.remedy`) ?? ''}`}
                <Taking village={row.village} code={code} taken={taken} me={me} />
              </li>
            ))}
          </ul>
        </td>
      </tr>
    </>
  )
}

const number = (n: number | null) => (n === null ? '–' : count(n))

function seen(row: VillageRow): string {
  if (row.lastSeenAt === null) return '–'
  const age = slowNow.value - row.lastSeenAt
  return age < justNowMs ? t('hub.just-now') : t('hub.ago', { span: formatSpan(age) })
}

const allAlarms = (row: VillageRow) =>
  row.alarms.map((alarm) => find(`alarm.${alarm.code}.title`) ?? alarm.code).join('; ')

function note(row: VillageRow): string {
  if (row.state === 'wiped') return t('hub.wiped-note', { at: row.since === null ? '–' : formatMoment(row.since) })
  if (row.alarms.length) {
    const [first, ...more] = row.alarms.map(({ code, since, taken }) =>
      [
        `${find(`alarm.${code}.title`) ?? code}, ${formatSpan(slowNow.value - since)}`,
        ...(taken ? [t('hub.taken-short', { name: taken.name })] : []),
      ].join(' · '),
    )
    return more.length ? `${first} +${more.length}` : (first ?? '')
  }
  if (row.state === 'offline') return t('hub.offline-note')
  return row.state === 'never' ? t('hub.never-note') : ''
}
