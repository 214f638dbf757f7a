import './village.css'
import { useSignal } from '@preact/signals'
import { ArrowLeft, Phone } from 'lucide-preact'
import { useEffect } from 'preact/hooks'
import { ask } from '../../appliance/pages/ui/api.ts'
import { slowNow } from '../../appliance/pages/ui/clock.ts'
import { formatDate, formatMoment, formatSpan } from '../../appliance/pages/ui/format.ts'
import { count, find, t } from '../../appliance/pages/ui/messages.ts'
import type { Me } from '../../appliance/pages/ui/staff/session.ts'
import { useSubmit } from '../../appliance/pages/ui/staff/submit.ts'
import { StateLine } from '../../appliance/pages/ui/state-line.tsx'
import { describeAlarm } from '../alarms/words.ts'
import { linkTo, place } from './place.ts'
import { dotted, standingOf, standsSince } from './rows.ts'
import { Taking } from './taking.tsx'
import type { AlarmRow, VillageRow, Work } from './view.ts'
import { VillageCharts } from './village-charts.tsx'
import { standingWords } from './village-line.tsx'
import { VillageNote } from './village-note.tsx'
import type { Span, VillageView } from './village-view.ts'
import { PlannedWork } from './work-form.tsx'

const everyMs = 60_000

/** One village: what is wrong and what to do, how it went, what stands there, and whom to call. */
export function Village({ row, work, me }: { row: VillageRow; work: readonly Work[]; me: Me }) {
  const span = useSignal<Span>('48h')
  const view = useSignal<VillageView | null>(null)
  const { submit, problemOf } = useSubmit()
  const load = () =>
    submit(async () => {
      view.value = await ask<VillageView>('GET', `/api/villages/${row.village}?span=${span.value}`)
    })
  useEffect(() => {
    void load()
    const timer = setInterval(load, everyMs)
    return () => clearInterval(timer)
  }, [row.village, span.value])

  const standing = standingOf(row, slowNow.value)
  const since = standsSince(row, slowNow.value)
  const { filter } = place.value
  const found = view.value?.village === row.village ? view.value : null
  return (
    <>
      <header class="of-village">
        <a class="back" href={linkTo({ filter })}>
          <ArrowLeft class="icon" strokeWidth={1.8} aria-hidden="true" />
          {t('hub.back')}
        </a>
        <h1>{row.name}</h1>
        <span class={`st ${standing}`}>
          <i class="dot" aria-hidden="true" />
          {t(standingWords[standing])}
          {since !== null && ` · ${t('hub.since', { span: formatSpan(slowNow.value - since) })}`}
        </span>
        <p class="quiet">
          {[t('hub.in-district', { district: row.district }), dotted(row.village)].join(' · ')}
          {row.version && ` · Balai ${row.version.split('+')[0]}`}
        </p>
      </header>
      {problemOf(null) && <StateLine kind="error">{problemOf(null)}</StateLine>}
      <div class="of-village-parts">
        <div>
          {row.alarms.map((alarm) => (
            <Open key={alarm.code} village={row.village} alarm={alarm} me={me} />
          ))}
          {row.alarms.length === 0 && <p class="quiet">{t('hub.no-alarms')}</p>}
          <Figures row={row} />
          {found && <VillageCharts series={found.series} span={span} />}
        </div>
        {found && (
          <aside>
            <Contact contact={found.contact} />
            <VillageNote village={row.village} note={found.note} me={me} saved={load} />
            <PlannedWork row={row} work={work} me={me} />
            <Boxes view={found} row={row} />
            <Past view={found} />
          </aside>
        )}
      </div>
    </>
  )
}

function Open({ village, alarm, me }: { village: string; alarm: AlarmRow; me: Me }) {
  const { title, remedy } = describeAlarm(find, alarm)
  return (
    <div class={`notice ${alarm.severity}`}>
      <div>
        <p>
          <b>{title}</b>
          {`, ${formatSpan(slowNow.value - alarm.since)}. ${remedy}`}
        </p>
        <Taking village={village} code={alarm.code} taken={alarm.taken} me={me} />
      </div>
    </div>
  )
}

function Figures({ row }: { row: VillageRow }) {
  const figures = [
    [t('hub.waiting'), row.waiting],
    [t('hub.tickets'), row.ticketsToday],
    [t('hub.served'), row.servedToday],
    [t('hub.median-n'), row.medianWaitMinutes],
    [t('hub.backlog'), row.backlog],
    [t('hub.entries-here'), row.cursor?.seq ?? null],
  ] as const
  return (
    <dl class="figures">
      {figures.map(([label, n]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd class="num">{n === null ? '–' : count(n)}</dd>
        </div>
      ))}
      <div>
        <dt>{t('hub.seen')}</dt>
        <dd>{row.lastSeenAt === null ? '–' : formatMoment(row.lastSeenAt)}</dd>
      </div>
    </dl>
  )
}

function Contact({ contact }: { contact: VillageView['contact'] }) {
  return (
    <section class="group">
      <h2>{t('hub.call')}</h2>
      {contact ? (
        <ul>
          <Person name={contact.contact || t('hub.office')} phone={contact.phone} />
          {(contact.technician || contact.technicianPhone) && (
            <Person name={`${contact.technician} (${t('hub.technician')})`} phone={contact.technicianPhone} />
          )}
          {contact.email && <li class="quiet">{t('hub.summary-to', { email: contact.email })}</li>}
        </ul>
      ) : (
        <p class="quiet">{t('hub.call-none')}</p>
      )}
    </section>
  )
}

const Person = ({ name, phone }: { name: string; phone: string }) => (
  <li>
    {name}
    {phone && (
      <a class="button" href={`tel:${phone.replaceAll(/[^+0-9]/g, '')}`}>
        <Phone class="icon" strokeWidth={1.8} aria-hidden="true" />
        {phone}
      </a>
    )}
  </li>
)

function Boxes({ view: { boxes, health }, row }: { view: VillageView; row: VillageRow }) {
  return (
    <section class="group">
      <h2>{t('hub.boxes')}</h2>
      {boxes.length === 0 && <p class="quiet">{t('hub.never-note')}</p>}
      <ul>
        {boxes.map((box) => (
          <li key={box.box}>
            <b class="id">{box.box}</b>
            <span>
              {[
                t(box.owner ? 'hub.box-owner' : 'hub.box-other'),
                ...(box.version ? [`Balai ${box.version}`] : []),
                t('hub.box-known', { at: formatDate(box.firstAt) }),
              ].join(' · ')}
            </span>
            <span class="quiet">{certificate(box.certificate)}</span>
          </li>
        ))}
      </ul>
      {health && row.state !== 'never' && (
        <p class="quiet">
          {[
            t(`hub.clock-${health.clock}`),
            t('hub.database-size', { n: Math.round(health.databaseBytes / 1e6) }),
            health.printer === null
              ? t('hub.printer-none')
              : t('hub.printer-is', { state: find(`hub.printer-${health.printer}`) ?? health.printer }),
          ].join(' · ')}
        </p>
      )}
    </section>
  )
}

function certificate(one: VillageView['boxes'][number]['certificate']): string {
  if (one === null) return t('hub.certificate-none')
  const at = formatDate(one.expiresAt)
  return one.revoked ? t('hub.certificate-revoked') : t('hub.certificate-until', { at })
}

function Past({ view: { past } }: { view: VillageView }) {
  return (
    <section class="group">
      <h2>{t('hub.past')}</h2>
      {past.length === 0 && <p class="quiet">{t('hub.past-none')}</p>}
      <ul>
        {past.map((alarm) => (
          <li key={`${alarm.code} ${alarm.endedAt}`}>
            <b>{describeAlarm(find, alarm).title}</b>
            <span class="quiet">
              {t('hub.past-when', { at: formatMoment(alarm.since), span: formatSpan(alarm.endedAt - alarm.since) })}
            </span>
            {alarm.name && <span>{[alarm.name, alarm.note].filter(Boolean).join(': ')}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}
