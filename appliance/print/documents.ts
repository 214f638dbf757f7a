import type { Alarms } from '../base/alarms.ts'
import { AppError } from '../base/errors.ts'
import { canPrint, findMedium, readDocumentState, readJobEnd, readRefusal } from './document-state.ts'
import type { Answer, Attribute } from './ipp-message.ts'
import { type IppPatience, NoAnswer, openIppPrinter, parseIppTarget } from './ipp-printer.ts'
import type { PrinterRules } from './printer-places.ts'
import type { DocumentOutcome, DocumentPrinterView, DocumentState } from './views.ts'

export type Documents = ReturnType<typeof createDocuments>

/** Of the paper, in mm. */
export type Sheet = { width: number; height: number }

export type DocumentTiming = IppPatience & {
  /** Between two looks at a printer that nobody prints on. */
  watchMs: number
  /** Whoever prints waits this long for the end of it; it may come out later. */
  tellWithinMs: number
  /** Between two looks at a job. */
  jobMs: number
}

const usual: DocumentTiming = {
  ...{ answerMs: 5_000, documentMs: 30_000, watchMs: 30_000 },
  ...{ tellWithinMs: 4_000, jobMs: 500 },
}

/** Longer than any page repeats itself. */
const mostRemembered = 200

type Parts = {
  alarms: Alarms
  rules: PrinterRules
  onChange: () => void
  timing?: Partial<DocumentTiming> | undefined
}

/**
 * The office's printer of documents, on which pages print without a dialog. Nothing waits for it here: what it cannot
 * print now is not sent, since a letter that comes out while nobody stands there is anybody's. The print dialog of the
 * browser is always another way.
 */
export function createDocuments({ alarms, rules, onChange, timing }: Parts) {
  const times = { ...usual, ...timing }
  const begun = new Map<string, Promise<DocumentOutcome>>()
  let target = ''
  let printer: ReturnType<typeof openIppPrinter> | null = null
  let state: DocumentState = 'none'
  let name: string | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let watching: Promise<unknown> = Promise.resolve()

  function note(next: DocumentState, of: typeof printer): void {
    // Another one was set meanwhile.
    if (of !== printer) return
    const changed = next !== state
    state = next
    for (const [code, states] of alarmStates) alarms.set(code, states.includes(state), 'warning')
    if (changed) onChange()
  }

  /** Asks how it is. Null: it cannot print now. */
  async function look(): Promise<Answer | null> {
    const asked = printer
    if (!asked) return null
    try {
      const answer = await asked.look()
      const made = answer.attributes.get('printer-make-and-model')?.[0]
      if (asked === printer && typeof made === 'string') name = made.slice(0, 80)
      note(readDocumentState(answer), asked)
      return canPrint(readDocumentState(answer)) ? answer : null
    } catch (error) {
      note(stateOf(error), asked)
      return null
    }
  }

  function openTarget(place: string): typeof printer {
    if (place === '') return null
    try {
      return openIppPrinter(parseIppTarget(place, rules), times, rules)
    } catch {
      return null
    }
  }

  function watch(): void {
    clearTimeout(timer)
    watching = look().finally(() => {
      if (!printer) return
      timer = setTimeout(watch, times.watchMs)
      timer.unref()
    })
  }

  async function send(pdf: Buffer, sheet: Sheet): Promise<DocumentOutcome> {
    const used = printer
    const able = await look()
    if (!used || !able) return { printed: 'not', state }
    try {
      const answer = await used.send(pdf, jobFor(able, sheet))
      const refusal = readRefusal(answer.status)
      if (refusal) {
        note(refusal, used)
        return { printed: 'not', state: refusal }
      }
      const job = answer.attributes.get('job-id')?.[0]
      return typeof job === 'number' ? await follow(used, job) : { printed: 'taken', state }
    } catch (error) {
      note(stateOf(error), used)
      return { printed: 'unclear', state }
    }
  }

  /** Until it is out, or whoever waits has waited enough. */
  async function follow(used: NonNullable<typeof printer>, job: number): Promise<DocumentOutcome> {
    const until = performance.now() + times.tellWithinMs
    try {
      while (performance.now() < until) {
        const end = readJobEnd(await used.lookAtJob(job))
        if (end === 'printed') return { printed: 'printed', state }
        if (end === 'ended') {
          await look()
          return { printed: 'not', state: canPrint(state) ? 'error' : state }
        }
        await new Promise((resolve) => setTimeout(resolve, times.jobMs))
      }
      await look()
    } catch {
      // It has the document; that it says no more does not take that back.
    }
    return { printed: 'taken', state }
  }

  return {
    view: (): DocumentPrinterView => ({ state, name, target }),

    /** Throws `print.document-target` for what cannot be a printer of this office; an empty one is none. */
    assertTarget: (next: string): void => {
      if (next !== '') parseIppTarget(next, rules)
    },

    /** Goes on with this printer; an empty target: with none. What an older program left that may not be one is not asked. */
    use(next: string): void {
      if (next === target) return
      target = next
      printer?.leave()
      name = null
      clearTimeout(timer)
      printer = openTarget(next)
      if (!printer) {
        note(next === '' ? 'none' : 'refused', null)
        return
      }
      note('unknown', printer)
      watch()
    },

    /**
     * Prints a PDF and says what became of it; the same `key` prints nothing a second time. Throws `print.no-documents`
     * where the office has no printer for it.
     */
    print({ pdf, sheet, key }: { pdf: () => Promise<Buffer>; sheet: Sheet; key: string }): Promise<DocumentOutcome> {
      const known = begun.get(key)
      if (known) return known
      if (target === '')
        throw new AppError('conflict', 'print.no-documents', 'This office has no printer of documents.')
      const outcome = pdf().then((bytes) => send(bytes, sheet))
      begun.set(key, outcome)
      // What failed before it was sent may be tried again by the same key.
      outcome.catch(() => begun.delete(key))
      const [oldest] = begun.keys()
      if (begun.size > mostRemembered && oldest) begun.delete(oldest)
      return outcome
    },

    async stop(): Promise<void> {
      printer?.leave()
      printer = null
      clearTimeout(timer)
      await watching
    },
  }
}

/** What of it is an alarm: a `warning`, since every paper can be printed by the browser too. */
const alarmStates: readonly [string, readonly DocumentState[]][] = [
  ['documents.paper-out', ['paper-out']],
  ['documents.no-connection', ['no-connection']],
  ['documents.stopped', ['cover-open', 'jam', 'toner-out', 'stopped', 'error']],
  ['documents.unusable', ['no-queue', 'no-permission', 'no-pdf', 'no-printer', 'refused']],
]

const stateOf = (error: unknown): DocumentState => (error instanceof NoAnswer ? error.state : 'error')

/** On one side, on the paper that it is set for where the printer knows it; else fitted into what lies in it. */
function jobFor({ attributes }: Answer, { width, height }: Sheet): Attribute[] {
  const medium = findMedium(attributes.get('media-supported') ?? [], width, height)
  const can = (name: string, value: string) => (attributes.get(name) ?? []).includes(value)
  return [
    ...(medium ? [['media', 'keyword', medium] satisfies Attribute] : []),
    ...(!medium && can('print-scaling-supported', 'fit')
      ? [['print-scaling', 'keyword', 'fit'] satisfies Attribute]
      : []),
    ...(can('sides-supported', 'one-sided') ? [['sides', 'keyword', 'one-sided'] satisfies Attribute] : []),
  ]
}
