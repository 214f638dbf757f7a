import { useSignal } from '@preact/signals'
import { Check } from 'lucide-preact'
import type { ComponentChildren } from 'preact'
import type { AdminView } from '../../screens/admin-view.ts'
import { t } from '../ui/messages.ts'
import { AskClock, asksClock } from '../ui/staff/ask-clock.tsx'
import { HoursStep } from './start-hours.tsx'
import { PeopleStep } from './start-people.tsx'
import { ScreensStep } from './start-screens.tsx'
import { CountersStep, ServicesStep } from './start-services.tsx'
import { TryStep } from './start-try.tsx'
import type { Tab } from './tabs.ts'
import './start.css'

type Props = { view: AdminView; go: (tab: Tab) => void; screen: string | null }

/** What is done says the office itself: so the steps can be left and gone on with, by anybody, on any PC. */
const done = ({ people, services, counters, week, regency, screens, start }: AdminView): boolean[] => [
  people.some(({ active, role }) => active && role === 'clerk'),
  services.length > 0,
  counters.length > 0,
  (week ?? regency.week) !== null,
  ['kiosk:', 'display:'].every((kind) => screens.some(({ device, open }) => open && device.startsWith(kind))),
  start.served,
]

const hoursStep = 3
const screensStep = 4

/** Whether an office can serve: all steps but hours and screens, which one that is always open or small may do without. */
export const isReady = (view: AdminView): boolean =>
  done(view).every((one, step) => one || step === hoursStep || step === screensStep)

/** From an empty box to the first ticket, in six steps. `screen`: the code of a screen that was scanned. */
export function Start({ view, go, screen }: Props) {
  const finished = done(view)
  const first = finished.findIndex((one) => !one)
  const open = useSignal<number | null>(screen ? screensStep : first === -1 ? null : first)
  // The view may come later than the answers: counters made before it would lack the newest services.
  const made = useSignal(0)
  const next = (step: number) => () => {
    open.value = step + 1 < finished.length ? step + 1 : null
  }
  const steps: { title: string; what: string; body: ComponentChildren }[] = [
    {
      title: t('admin.start-people'),
      what: t('admin.start-people-what'),
      body: <PeopleStep people={view.people} next={next(0)} />,
    },
    {
      title: t('admin.start-services'),
      what: t('admin.start-services-what'),
      body: (
        <ServicesStep
          view={view}
          next={next(1)}
          edit={() => go('services')}
          onMade={(count) => {
            made.value = count
          }}
        />
      ),
    },
    {
      title: t('admin.start-counters'),
      what: t('admin.start-counters-what'),
      body: <CountersStep view={view} awaits={made.value} next={next(2)} edit={() => go('counters')} />,
    },
    {
      title: t('admin.start-hours'),
      what: t('admin.start-hours-what'),
      body: <HoursStep view={view} next={next(hoursStep)} edit={() => go('hours')} />,
    },
    {
      title: t('admin.start-screens'),
      what: t('admin.start-screens-what'),
      body: <ScreensStep view={view} next={next(screensStep)} go={go} scanned={screen} />,
    },
    { title: t('admin.start-try'), what: t('admin.start-try-what'), body: <TryStep view={view} /> },
  ]
  return (
    <>
      <header class="room">
        <div>
          <h1>{isReady(view) ? t('admin.start-ready') : t('admin.start')}</h1>
          <p class="quiet">{isReady(view) ? t('admin.start-ready-what') : t('admin.start-what')}</p>
        </div>
        {isReady(view) && (
          <a class="button button-main" href="/desk">
            {t('admin.start-desk')}
          </a>
        )}
      </header>
      {asksClock(view.office) && <AskClock />}
      <ol class="group steps">
        {steps.map(({ title, what, body }, step) => {
          const isOpen = open.value === step
          return (
            <li key={title} class={`${finished[step] ? 'done' : ''} ${isOpen ? 'open' : ''}`}>
              <button
                type="button"
                aria-expanded={isOpen}
                onClick={() => {
                  open.value = isOpen ? null : step
                }}
              >
                <i aria-hidden="true">{finished[step] ? <Check class="icon" strokeWidth={2.4} /> : step + 1}</i>
                <span>
                  <b>{title}</b>
                  <small class="quiet">{finished[step] ? t('admin.start-done') : what}</small>
                </span>
              </button>
              {isOpen && <div class="step">{body}</div>}
            </li>
          )
        })}
      </ol>
    </>
  )
}
