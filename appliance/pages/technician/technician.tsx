import 'messages:technician'
import '../ui/base.css'
import '../ui/theme-auto.css'
import { sayAdvice } from '../../health/describe-checks.ts'
import type { TechnicianView } from '../../health/views.ts'
import { formatTime } from '../ui/format.ts'
import { useLive } from '../ui/live.ts'
import { Mark } from '../ui/mark.tsx'
import { t } from '../ui/messages.ts'
import { mount } from '../ui/mount.tsx'
import { Account } from '../ui/staff/account.tsx'
import { type Me, mayWatch, refreshSession } from '../ui/staff/session.ts'
import { Staff } from '../ui/staff/staff.tsx'
import { StateLine } from '../ui/state-line.tsx'
import { AdviceCard } from './advice-card.tsx'
import { BringFile } from './bring-file.tsx'
import { CheckList } from './check-list.tsx'
import { CopyReport } from './copy-report.tsx'
import { Devices } from './devices.tsx'
import { Flows } from './flows/flows.tsx'
import { LookAgain } from './look-again.tsx'
import { Network } from './network.tsx'
import { Past } from './past.tsx'
import { Stick } from './stick.tsx'
import { System } from './system.tsx'
import { words } from './words.ts'
import './technician.css'

function Technician({ me }: { me: Me }) {
  const live = useLive<TechnicianView>('/live/technician', { refused: refreshSession, mayOpen: mayWatch })
  const view = live.view.value
  const cut = live.link.value === 'cut'
  if (!view) return <main class="alone">{cut && <StateLine kind="cut">{t('ui.cut')}</StateLine>}</main>
  const wanted = view.checks.flatMap((check) => sayAdvice(check, words()))
  const urgent = wanted.filter(({ severity }) => severity === 'action')
  const advices = [...urgent, ...wanted.filter(({ severity }) => severity === 'warning')]
  const unread = view.checks.filter(({ state }) => state === 'missing').length
  return (
    <>
      <header class="top">
        <Mark />
        <b>{view.office.name}</b>
        <span class="quiet hide">{dotted(view.office.village)}</span>
        <div class="end">
          <Account me={me} />
        </div>
      </header>
      <main class="technician">
        {cut && (
          <StateLine kind="cut">
            {t('technician.cut', { time: formatTime(live.seenAt.value ?? view.office.now) })}
          </StateLine>
        )}
        <div class="head">
          <h1>{advices.length ? t('technician.to-mend', { n: advices.length }) : t('technician.all-well')}</h1>
          <p class="quiet">
            {t('technician.as-of', { n: view.checks.length, time: formatTime(view.office.now) })}
            {isQueueSafe(view) && ` ${t('technician.queue-runs')}`}
            {unread > 0 && ` ${t('technician.unread', { n: unread })}`}
          </p>
          <div class="head-actions">
            <LookAgain />
            <CopyReport view={view} />
          </div>
        </div>
        {advices.map((advice) => (
          <AdviceCard key={advice.title} advice={advice} />
        ))}
        <Past past={view.past} />
        <CheckList checks={view.checks} devices={view.devices} />
        <Network />
        <Devices devices={view.devices} />
        <Flows />
        <System />
        <Stick />
        <BringFile />
      </main>
    </>
  )
}

/** What numbers and entries hang on: while none of these asks for a hand, the line goes on and nothing of it is lost. */
const bearing = ['card', 'disk', 'journal', 'clock', 'program']

const isQueueSafe = ({ checks, office }: TechnicianView): boolean =>
  office.clock !== 'doubtful' &&
  checks.every(({ code, alarms }) => !bearing.includes(code) || alarms.every(({ severity }) => severity !== 'action'))

/** 3510242001 is 35.10.24.2001 on paper. */
const dotted = (village: string) => village.replace(/^(\d\d)(\d\d)(\d\d)(\d{4})$/, '$1.$2.$3.$4')

mount(<Staff roles={['technician']}>{(me) => <Technician me={me} />}</Staff>)
