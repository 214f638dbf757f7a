import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ask } from '../../appliance/pages/ui/api.ts'
import { formatMoment } from '../../appliance/pages/ui/format.ts'
import { find, t } from '../../appliance/pages/ui/messages.ts'
import { useSubmit } from '../../appliance/pages/ui/staff/submit.ts'
import { StateLine } from '../../appliance/pages/ui/state-line.tsx'
import { describeAlarm } from '../alarms/words.ts'
import type { AuditRow, AuditView } from './audit-view.ts'
import { Choice } from './choice.tsx'
import { dotted } from './rows.ts'
import type { VillageRow } from './view.ts'
import { VillageChoice } from './village-choice.tsx'
import { nameOfActor, nameOfDataset } from './words.ts'

/** What was done, the newest first, a page at a time. */
export function Audit({ villages, shown }: { villages: VillageRow[]; shown: boolean }) {
  const village = useSignal('')
  const action = useSignal('')
  const view = useSignal<AuditView | null>(null)
  const { submit, busy, problemOf } = useSubmit()

  /** From the newest on, or on from where the last page ended. */
  const load = (from: AuditView | null) =>
    submit(async () => {
      const asked = Object.entries({ village: village.value, action: action.value, before: from?.before ?? '' })
      const query = new URLSearchParams(
        asked.filter(([, value]) => value !== '').map(([key, value]) => [key, `${value}`]),
      )
      const more = await ask<AuditView>('GET', `/api/audit?${query}`)
      view.value = { ...more, rows: [...(from?.rows ?? []), ...more.rows] }
    })
  useEffect(() => {
    if (shown) void load(null)
  }, [shown, village.value, action.value])

  return (
    <>
      <header class="room">
        <div>
          <h1>{t('hub.part-audit')}</h1>
          <p class="quiet">{t('hub.audit-what')}</p>
        </div>
      </header>
      <div class="filters">
        <VillageChoice villages={villages} value={village} />
        <Choice
          label={t('hub.audit-did')}
          all={t('hub.all-deeds')}
          value={action.value}
          options={(view.value?.actions ?? []).map((one) => [one, find(`hub.deed-${one}`) ?? one])}
          choose={(one) => {
            action.value = one
          }}
        />
      </div>
      {problemOf(null) && <StateLine kind="error">{problemOf(null)}</StateLine>}
      {view.value?.rows.length === 0 && <p class="quiet">{t('hub.audit-none')}</p>}
      {view.value && view.value.rows.length > 0 && (
        <table class="group deeds">
          <thead>
            <tr>
              <th>{t('hub.audit-at')}</th>
              <th>{t('hub.audit-by')}</th>
              <th>{t('hub.village')}</th>
              <th>{t('hub.audit-did')}</th>
            </tr>
          </thead>
          <tbody>
            {view.value.rows.map((row) => (
              <tr key={row.id}>
                <td>{formatMoment(row.at)}</td>
                <td>{who(row)}</td>
                <td title={row.village ? dotted(row.village) : undefined}>{row.name}</td>
                <td>
                  {what(row)}
                  {row.data.note && <small>{row.data.note}</small>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {view.value?.before && (
        <button type="button" class="button" disabled={busy} onClick={() => load(view.value)}>
          {t('hub.older')}
        </button>
      )}
    </>
  )
}

/** A person may be called as he likes; what has no account is told in the page's language. */
const who = ({ account, actor }: AuditRow): string => (account !== null ? actor : nameOfActor(actor))

/** The action's sentence; the code of one that this page does not know. */
function what({ action, data }: AuditRow): string {
  const words = Object.entries(data).map(([key, value]) => [key, wordFor(key, value)])
  return find(`hub.did-${action}`, Object.fromEntries(words)) ?? action
}

function wordFor(key: string, value: string | number): string | number {
  if (key === 'command') return find(`hub.command-${value}`) ?? value
  if (key === 'role' || key === 'from' || key === 'to') return find(`staff.role-${value}`) ?? value
  if (key === 'place') return value === '' ? t('hub.all-villages') : dotted(`${value}`)
  if (key === 'dataset') return nameOfDataset(`${value}`)
  return key === 'code' ? describeAlarm(find, { code: `${value}`, details: {} }).title : value
}
