import { useSignal } from '@preact/signals'
import { Printer } from 'lucide-preact'
import type { DocumentOutcome, DocumentPrinterView } from '../../../print/views.ts'
import { t } from '../messages.ts'
import { useSubmit } from './submit.ts'

/** In these states the printer prints, and nothing has to be said. */
const quiet: readonly DocumentPrinterView['state'][] = ['ready', 'busy', 'unknown']

/** A small box sets the paper first, the printer has to be looked at, and the paper takes its time. */
const printMs = 45_000

type Props = {
  printer: DocumentPrinterView
  /** Where the box prints it: /api/letters/…/print. */
  path: string
  word?: string
  /** How the printer is stands elsewhere on the page. */
  onlyOutcome?: boolean
}

/** Prints on the office's printer without a dialog; how that one is stands beside it. Nothing where there is none. */
export function PrintNow({ printer: { state }, path, word, onlyOutcome = false }: Props) {
  const outcome = useSignal<DocumentOutcome | null>(null)
  const { submit, busy, problemOf } = useSubmit()
  if (state === 'none') return null

  async function print() {
    outcome.value = null
    await submit(async (send) => {
      outcome.value = await send<DocumentOutcome>('POST', path, {}, printMs)
    })
  }

  const said = outcome.value && describe(outcome.value)
  const problem = problemOf(null)
  const isWell = onlyOutcome || quiet.includes(state)
  const failed = problem !== undefined || outcome.value?.printed === 'not' || outcome.value?.printed === 'unclear'
  return (
    <span class="print-now">
      <button type="button" class="button" disabled={busy} onClick={() => void print()}>
        <Printer class="icon" strokeWidth={1.8} aria-hidden="true" />
        {word ?? t('printing.now')}
      </button>
      <small role="status" class={failed || (!said && !isWell) ? 'wrong' : 'quiet'}>
        {busy ? t('printing.sending') : (problem ?? said ?? (isWell ? '' : t(`printing.state-${state}`)))}
      </small>
    </span>
  )
}

/** What became of it, in words; how the printer is, where that matters. */
const describe = ({ printed, state }: DocumentOutcome): string =>
  t(`printing.was-${printed}`, { state: t(`printing.state-${state}`) })
