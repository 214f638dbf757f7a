import { TriangleAlert } from 'lucide-preact'
import { slowNow } from '../../appliance/pages/ui/clock.ts'
import { formatSpan } from '../../appliance/pages/ui/format.ts'
import { count, find, t } from '../../appliance/pages/ui/messages.ts'
import type { Me } from '../../appliance/pages/ui/staff/session.ts'
import { describeAlarm } from '../alarms/words.ts'
import { dotted } from './rows.ts'
import { Taking } from './taking.tsx'
import type { AlarmRow, HubView } from './view.ts'

function Words({ alarm }: { alarm: AlarmRow }) {
  const { title, remedy } = describeAlarm(find, alarm)
  return (
    <p role="alert">
      <b>{title}</b>
      {`, ${formatSpan(slowNow.value - alarm.since)}. ${remedy}`}
    </p>
  )
}

/** What the hub has noticed itself: its own alarms in words, the proof of delivery in one line that opens. */
export function Notices({ view: { alarms, dayCounts, setAside }, me }: { view: HubView; me: Me }) {
  const entries = setAside.reduce((sum, row) => sum + row.entries, 0)
  const proof = [
    t('hub.counts-agree', { n: count(dayCounts.agree) }),
    ...(dayCounts.differ.length > 0 ? [t('hub.counts-differ', { n: count(dayCounts.differ.length) })] : []),
    entries > 0 ? t('hub.set-aside', { n: count(entries) }) : t('hub.none-aside'),
  ].join(' · ')
  return (
    <section class="notices">
      {alarms.map((alarm) => (
        <div key={alarm.code} class={`notice ${alarm.severity}`}>
          <TriangleAlert class="icon" strokeWidth={2} aria-hidden="true" />
          <div>
            <Words alarm={alarm} />
            <Taking village="" code={alarm.code} taken={alarm.taken} me={me} />
          </div>
        </div>
      ))}
      {dayCounts.differ.length + setAside.length === 0 ? (
        <p class="quiet">{proof}</p>
      ) : (
        <details>
          <summary>{proof}</summary>
          {dayCounts.differ.length > 0 && (
            <table>
              <caption>{t('hub.counts-what')}</caption>
              <thead>
                <tr>
                  <th>{t('hub.village')}</th>
                  <th>{t('hub.type')}</th>
                  <th class="r">{t('hub.counted-box')}</th>
                  <th class="r">{t('hub.counted-here')}</th>
                </tr>
              </thead>
              <tbody>
                {dayCounts.differ.flatMap(({ village, name, types }) =>
                  types.map(([type, box, here]) => (
                    <tr key={`${village} ${type}`}>
                      <td title={dotted(village)}>{name}</td>
                      <td>{type}</td>
                      <td class="r">{count(box)}</td>
                      <td class="r">{count(here)}</td>
                    </tr>
                  )),
                )}
              </tbody>
            </table>
          )}
          {setAside.length > 0 && (
            <table>
              <caption>{t('hub.aside-what')}</caption>
              <thead>
                <tr>
                  <th>{t('hub.village')}</th>
                  <th>{t('hub.type')}</th>
                  <th class="r">{t('hub.entries')}</th>
                  <th>{t('hub.reason')}</th>
                </tr>
              </thead>
              <tbody>
                {setAside.map(({ village, name, type, reason, entries: n }) => (
                  <tr key={`${village} ${type}`}>
                    <td title={dotted(village)}>{name}</td>
                    <td>{type}</td>
                    <td class="r">{count(n)}</td>
                    <td>{reason}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </details>
      )}
    </section>
  )
}
