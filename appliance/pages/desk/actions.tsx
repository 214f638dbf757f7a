import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import type { DeskView, ServingResult } from '../../screens/desk-view.ts'
import { type MessageKey, t } from '../ui/messages.ts'
import type { useCommands } from './command.ts'
import type { Panel } from './panels.tsx'
import { useShortcuts } from './shortcuts.ts'
import { allowed, nextStep, results, type Step } from './steps.ts'

type Props = {
  view: DeskView
  counter: string
  commands: ReturnType<typeof useCommands>
  /** Cut off, or another question is on the page. */
  resting: boolean
  open: (panel: Panel) => void
  /** What belongs to the ticket: between what comes next and what else could be done. */
  children: ComponentChildren
}

const mainWords = {
  next: 'desk.next',
  start: 'desk.start',
  complete: 'desk.complete',
  resume: 'desk.resume',
} as const satisfies Record<Step, MessageKey>
const resultWords = {
  done: 'desk.result-done',
  'papers-missing': 'desk.result-papers-missing',
  referred: 'desk.result-referred',
  declined: 'desk.result-declined',
} as const satisfies Record<ServingResult, MessageKey>

/**
 * One button for the next thing; the others keep their places and keys, and are disabled when they mean nothing. How a
 * service ends is asked while it is served; what is seldom done lies behind one button, and its keys always work. While a
 * command is on its way nothing can be pressed, and what may be pressed again looks as it did: fourteen buttons that dim
 * for a third of a second at each step flicker all day long.
 */
export function Actions({ view, counter, commands: { run, busy }, resting, open, children }: Props) {
  const more = useSignal(false)
  const { current } = view
  const may = allowed(view)
  const paper = view.printer.state !== 'none'
  const step = nextStep(view)
  const off = resting || busy
  const ticket = current?.ticket ?? ''
  const number = current?.number ?? ''

  function main() {
    if (step === 'next') void run('/api/desk/next', { counter })
    else if (step === 'start') void run('/api/desk/start', { ticket })
    else if (step === 'resume') void run('/api/desk/resume', { counter })
    else void complete('done')
  }
  const recall = () => run('/api/desk/recall', { ticket })
  const noShow = () => run('/api/desk/no-show', { ticket })
  const skip = () => run('/api/desk/skip', { ticket })
  const complete = (result: ServingResult) =>
    run(
      '/api/desk/complete',
      { ticket, result },
      // The bar that offers to take it back says the rest.
      result === 'done' ? undefined : t('desk.completed', { number, result: t(resultWords[result]) }),
    )

  const press = (allowedNow: boolean) => ({ disabled: off || !allowedNow, goesOn: allowedNow && !resting })
  const when = (allowedNow: boolean, action: () => void) => (allowedNow && !off ? action : null)
  useShortcuts(
    resting
      ? {}
      : {
          Enter: when(may.main, main),
          r: when(may.recall, recall),
          x: when(may.noShow, noShow),
          s: when(may.noShow, skip),
          p: when(may.aside, () => open('transfer')),
          t: when(may.aside, () => open('park')),
          l: when(may.aside, () => open('chain')),
          n: when(view.refuses === null, () => open('take')),
          b: when(may.voided, () => open('void')),
          k: when(paper, () => open('reprint')),
          '/': when(may.chosen, () => open('call')),
          ...Object.fromEntries(results.map((result, i) => [String(i + 1), when(may.result, () => complete(result))])),
        },
  )

  return (
    <>
      <button
        type="button"
        class={resting || !may.main ? 'main' : 'main goes-on'}
        disabled={off || !may.main}
        onClick={letGo(main)}
      >
        <span>{t(mainWords[step])}</span>
        <kbd>Enter</kbd>
      </button>
      {may.result && (
        <fieldset class="results">
          <legend>{t('desk.ends-as')}</legend>
          {results.map((result, i) => (
            <Other
              key={result}
              label={t(resultWords[result])}
              letter={String(i + 1)}
              {...press(true)}
              press={() => complete(result)}
            />
          ))}
        </fieldset>
      )}
      {children}
      <div class="more">
        <Other label={t('desk.recall')} letter="R" {...press(may.recall)} press={recall} />
        <Other label={t('desk.no-show')} letter="X" {...press(may.noShow)} press={noShow} />
        <Other label={t('desk.skip')} letter="S" {...press(may.noShow)} press={skip} />
        <Other label={t('desk.transfer')} letter="P" {...press(may.aside)} press={() => open('transfer')} />
        <Other label={t('desk.park')} letter="T" {...press(may.aside)} press={() => open('park')} />
        <Other label={t('desk.call')} letter="/" {...press(may.chosen)} press={() => open('call')} />
        <Other label={t('desk.take')} letter="N" {...press(view.refuses === null)} press={() => open('take')} />
        <button
          type="button"
          aria-expanded={more.value}
          onClick={letGo(() => {
            more.value = !more.value
          })}
        >
          {t('desk.more')}
        </button>
        {more.value && (
          <>
            <Other label={t('desk.chain')} letter="L" {...press(may.aside)} press={() => open('chain')} />
            <Other label={t('desk.void')} letter="B" {...press(may.voided)} press={() => open('void')} />
            <Other label={t('desk.reprint')} letter="K" {...press(paper)} press={() => open('reprint')} />
          </>
        )}
      </div>
    </>
  )
}

type OtherProps = { label: string; letter: string; disabled: boolean; goesOn: boolean; press: () => void }

const Other = ({ label, letter, disabled, goesOn, press }: OtherProps) => (
  <button type="button" class={goesOn ? 'goes-on' : ''} disabled={disabled} onClick={letGo(press)}>
    {label}
    <kbd>{letter}</kbd>
  </button>
)

/** A button that was clicked by mouse gives the focus back: Enter must mean the main button again, not this one. */
function letGo(press: () => void) {
  return (event: MouseEvent) => {
    if (event.detail > 0 && event.currentTarget instanceof HTMLElement) event.currentTarget.blur()
    press()
  }
}
