import { useSignal } from '@preact/signals'
import type { AdminView } from '../../screens/admin-view.ts'
import { formatDate } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { Problem } from '../ui/staff/problem.tsx'
import { Row } from '../ui/staff/row.tsx'
import { useSubmit } from '../ui/staff/submit.ts'

type Service = AdminView['services'][number]
type Regency = AdminView['regency']

/** The regency has changed something of which this office has its own: whoever sees to services decides. */
export function Conflicts({ service }: { service: Service }) {
  const { submit, busy, problemOf } = useSubmit()
  const { name, requires, minutes, collection, conflicts, theirs } = service
  if (conflicts.length === 0 || !theirs) return null
  const path = `/api/services/${service.service}`
  const changed = Object.fromEntries(conflicts.map(({ member }) => [member, theirs[member]]))
  const save = (body: object) => submit((send) => send('PUT', path, { name, requires, minutes, collection, ...body }))
  return (
    <div class="conflict" role="status">
      <p>{t('admin.regency-changed')}</p>
      <ul>
        {conflicts.map(({ member, theirs: value }) => (
          <li key={member}>
            {t(`admin.regency-${member}`)}: {value}
          </li>
        ))}
      </ul>
      <div class="buttons">
        <button type="button" class="button" disabled={busy} onClick={() => save(changed)}>
          {t('admin.regency-take')}
        </button>
        <button type="button" class="button" disabled={busy} onClick={() => save({})}>
          {t('admin.regency-keep')}
        </button>
      </div>
      <Problem sentence={problemOf(null)} />
    </div>
  )
}

/** What the regency has sent, of when it is, and the way back to the version before. */
export function RegencyData({ datasets }: { datasets: Regency['datasets'] }) {
  if (datasets.length === 0) return null
  return (
    <section class="part">
      <h2>{t('admin.regency-data')}</h2>
      <p class="quiet">{t('admin.regency-data-what')}</p>
      <ul class="group">
        {datasets.map((one) => (
          <Row
            key={one.dataset}
            title={t(`admin.dataset-${one.dataset}`)}
            what={describe(one)}
            closed={null}
            forms={[]}
            actions={[
              {
                label: t('admin.regency-back'),
                path: `/api/datasets/${one.dataset}/back`,
                hidden: one.before === null,
              },
            ]}
          />
        ))}
      </ul>
    </section>
  )
}

const describe = ({ current, publishedAt, coming, refused }: Regency['datasets'][number]): string =>
  [
    current !== null &&
      publishedAt !== null &&
      t('admin.regency-version', { version: current, date: formatDate(publishedAt) }),
    coming && t('admin.regency-coming', { percent: Math.floor((coming.fetched / coming.bytes) * 100) }),
    refused !== null && t('admin.regency-refused', { version: refused }),
  ]
    .filter(Boolean)
    .join(' · ')

/** Holidays of the regency; on each this office may stay open. */
export function RegencyHolidays({ holidays }: { holidays: Regency['holidays'] }) {
  const { submit, busy, problemOf } = useSubmit()
  /** What was pressed and is not in the view yet. */
  const pressed = useSignal<{ day: string; waived: boolean } | null>(null)
  if (holidays.length === 0) return null
  const isWaived = (one: { day: string; waived: boolean }) =>
    pressed.value?.day === one.day ? pressed.value.waived : one.waived
  async function press(day: string, waived: boolean) {
    pressed.value = { day, waived }
    const saved = await submit((send) => send('PUT', '/api/settings/regency-holiday', { day, waived }))
    if (!saved) pressed.value = null
  }
  return (
    <section class="group form">
      <h2>{t('admin.regency-holidays')}</h2>
      <p class="quiet">{t('admin.regency-holidays-what')}</p>
      <ul class="choices">
        {holidays.map((one) => (
          <li key={one.day}>
            <label>
              <input
                type="checkbox"
                checked={!isWaived(one)}
                disabled={busy}
                onChange={({ currentTarget }) => press(one.day, !currentTarget.checked)}
              />
              {formatDate(Date.parse(`${one.day}T05:00:00Z`))} · {one.name}
            </label>
          </li>
        ))}
      </ul>
      <Problem sentence={problemOf(null)} />
    </section>
  )
}
