import 'messages:technician'
import '../ui/base.css'
import '../ui/theme-auto.css'
import type { TechnicianView } from '../../queue/views.ts'
import { formatTime } from '../ui/format.ts'
import { useLive } from '../ui/live.ts'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { Account } from '../ui/staff/account.tsx'
import { type Me, mayWatch, refreshSession } from '../ui/staff/session.ts'
import { Staff } from '../ui/staff/staff.tsx'
import { StateLine } from '../ui/state-line.tsx'
import { AlarmCard } from './alarm-card.tsx'
import { CopyReport } from './copy-report.tsx'
import { Devices } from './devices.tsx'
import { ReadingList } from './reading-list.tsx'
import { TestPrint } from './test-print.tsx'
import './technician.css'

function Technician({ me }: { me: Me }) {
  const live = useLive<TechnicianView>('/live/technician', { refused: refreshSession, mayOpen: mayWatch })
  const view = live.view.value
  const cut = live.link.value === 'cut'
  if (!view) return <main class="alone">{cut && <StateLine kind="cut">{t('ui.cut')}</StateLine>}</main>
  const urgent = view.alarms.filter((alarm) => alarm.severity === 'action')
  const alarms = [...urgent, ...view.alarms.filter((alarm) => alarm.severity === 'warning')]
  return (
    <>
      <header class="top">
        <Mark />
        <b>{view.office.name}</b>
        <span class="quiet hide">{dotted(view.office.village)}</span>
        <div class="end">
          <CopyReport view={view} />
          <Account me={me} />
        </div>
      </header>
      <main class="technician">
        {cut && (
          <StateLine kind="cut">
            {t('technician.cut', { time: formatTime(live.seenAt.value ?? view.office.now) })}
          </StateLine>
        )}
        <div>
          <h1>{alarms.length ? t('technician.to-mend', { n: alarms.length }) : t('technician.all-well')}</h1>
          <p class="quiet">{t('technician.as-of', { time: formatTime(view.office.now) })}</p>
        </div>
        {alarms.map((alarm) => (
          <AlarmCard key={alarm.code} alarm={alarm} />
        ))}
        <ReadingList view={view} />
        {view.printer.state !== 'none' && <TestPrint />}
        <Devices devices={view.devices} />
      </main>
    </>
  )
}

/** 3510242001 is 35.10.24.2001 on paper. */
const dotted = (village: string) => village.replace(/^(\d\d)(\d\d)(\d\d)(\d{4})$/, '$1.$2.$3.$4')

mount(<Staff roles={['technician']}>{(me) => <Technician me={me} />}</Staff>)
