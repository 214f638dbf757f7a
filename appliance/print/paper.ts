import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Alarms } from '../base/alarms.ts'
import { AppError } from '../base/errors.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Catalogues } from '../base/messages/catalogues.ts'
import type { Store } from '../base/store/store.ts'
import type { Office } from '../base/web/office-view.ts'
import type { TicketView } from '../queue/ticket-view.ts'
import { createDocuments, type DocumentTiming } from './documents.ts'
import { defaultPrinter, type PrinterSettings, printEvents } from './events.ts'
import { encodeLines, type PaperLine } from './lines-paper.ts'
import { createPrinter, type Printed, type Printer, parseTarget, type Timing } from './printer.ts'
import { findPrinters, type PrinterRules } from './printer-places.ts'
import { encodeTicket, type PaperWidth } from './ticket-paper.ts'
import { specimen, ticketWords } from './ticket-words.ts'
import type { PrinterView } from './views.ts'

export type Paper = ReturnType<typeof createPaper>

type Parts = {
  store: Store
  journal: Journal
  alarms: Alarms
  catalogues: Catalogues
  office: () => Office
  onChange: () => void
  monotonicMs: () => number
  rules: PrinterRules
  timing?: Partial<Timing>
  documentTiming?: Partial<DocumentTiming> | undefined
}

/** More papers than this wait for nobody: their people have been called by number long since. */
const mostWaiting = 30
/** Longer than any kiosk repeats itself. */
const mostRemembered = 500
/** Whoever asks for a paper waits this long for a word on it; it may still be printed later. */
const tellWithinMs = 6_000

/**
 * Paper tickets on the office's printer, and what flows print there or on its others. Nothing waits for it: a ticket is
 * taken whether or not it can be printed, and its bytes are made after the answer has gone out.
 */
export function createPaper(parts: Parts) {
  const { store, journal, alarms, catalogues, office, onChange, monotonicMs, rules, timing } = parts
  const pen = journal.pen(printEvents)
  const select = store.db.prepare<[], string>('SELECT settings FROM printer_settings').pluck()
  const settings = (): PrinterSettings => ({
    ...defaultPrinter,
    ...(JSON.parse(select.get() ?? '{}') as Partial<PrinterSettings>),
  })
  const documents = createDocuments({ alarms, rules, onChange, timing: parts.documentTiming })
  const counts = { printed: 0, lost: 0 }
  /** Tickets that were sent to the printer: a kiosk that asks again after a time-out wants no second paper. */
  const begun = new Set<string>()
  const stopping = new Set<Promise<void>>()
  let printer: Printer | null = null
  let others = new Map<string, { printer: Printer; width: PaperWidth }>()
  const opened = () => [...(printer ? [printer] : []), ...[...others.values()].map((other) => other.printer)]
  /** Set by an older program, which took any path: said, and not opened. */
  let isRefused = false
  open()

  /** Begins with the printer that is set; one that was there before drops what waits for it. */
  function open(): void {
    const before = opened()
    const { target, others: named = [], documents: place = '' } = settings()
    documents.use(place)
    isRefused = target !== '' && !isAllowed(target)
    printer = isRefused ? null : openOne(target)
    others = new Map()
    for (const { name, width, target: other } of named) {
      const one = isAllowed(other) ? openOne(other) : null
      if (one) others.set(name, { printer: one, width })
    }
    for (const one of before) {
      const stopped = one.stop().finally(() => stopping.delete(stopped))
      stopping.add(stopped)
    }
    watch()
  }

  function openOne(target: string): Printer | null {
    return target ? createPrinter({ target, rules, onChange: watch, monotonicMs, ...(timing ? { timing } : {}) }) : null
  }

  function view(): PrinterView {
    if (isRefused) return { state: 'offline', reason: 'refused', waiting: 0 }
    if (!printer) return { state: 'none', reason: null, waiting: 0 }
    const { state, reason, waiting } = printer.state()
    return { state, reason, waiting }
  }

  function watch(): void {
    const { state, reason } = view()
    alarms.set('print.paper-out', state === 'paper-out')
    alarms.set('print.no-connection', reason === 'no-connection')
    alarms.set('print.cover-open', reason === 'cover-open')
    alarms.set('print.error', reason === 'error')
    alarms.set('print.refused', reason === 'refused')
    alarms.set('print.paper-low', reason === 'paper-low', 'warning')
    onChange()
  }

  async function printOn(one: Printer | null, bytes: () => Promise<Uint8Array>): Promise<Printed> {
    await nextTurn()
    const takes = () => one !== null && one.state().waiting < mostWaiting
    if (!one || !takes()) return 'failed'
    const made = await bytes()
    // Meanwhile others may have come to wait.
    return takes() ? one.print(made) : 'failed'
  }

  async function send(bytes: () => Promise<Uint8Array>, number: string): Promise<Printed> {
    const printed = await printOn(printer, bytes)
    if (!printer) return printed
    counts[printed === 'printed' ? 'printed' : 'lost']++
    alarms.set('print.lost', printed === 'failed' && printer !== null, 'warning', { number })
    return printed
  }

  const ticketBytes = (ticket: TicketView, language: string) => () =>
    encodeTicket(ticketWords(ticket, office(), catalogues.speak(language)), settings().width, settings().qr)

  /** `waiting`: not printed yet; it comes out as soon as the printer can, within two minutes. */
  const told = (printed: Promise<Printed>): Promise<Printed | 'waiting'> =>
    Promise.race([printed, new Promise<'waiting'>((resolve) => setTimeout(resolve, tellWithinMs, 'waiting').unref())])

  function assertPrinter(): void {
    if (!printer) throw new AppError('conflict', 'print.none', 'This office has no printer.')
  }

  function isAllowed(target: string): boolean {
    try {
      return parseTarget(target, rules) !== null
    } catch {
      return false
    }
  }

  return {
    settings,
    view,
    /** The printer of letters. */
    documents,
    /** The printers that are plugged in. */
    found: () => findPrinters(),
    counts: () => ({ ...counts }),

    /** Prints a ticket that was just taken, if this office has a printer. Returns at once; a repetition prints nothing. */
    print(ticket: TicketView, language: string): void {
      if (!printer || begun.has(ticket.ticket)) return
      begun.add(ticket.ticket)
      const [oldest] = begun
      if (begun.size > mostRemembered && oldest) begun.delete(oldest)
      void send(ticketBytes(ticket, language), ticket.number)
    },

    /** Prints a ticket once more, and says what became of it. Throws `print.none` without a printer. */
    printAgain(ticket: TicketView, language: string): Promise<Printed | 'waiting'> {
      assertPrinter()
      return told(send(ticketBytes(ticket, language), ticket.number))
    },

    /**
     * Prints lines of a flow's making, on the ticket printer or on another one by its name, and says what became of them.
     * Throws `print.none` without a printer, `print.unknown` for a name that none has.
     */
    printLines(lines: readonly PaperLine[], cut: boolean, name: string | null): Promise<Printed | 'waiting'> {
      if (name === null) assertPrinter()
      const one = name === null ? { printer, width: settings().width } : others.get(name)
      if (!one) throw new AppError('not-found', 'print.unknown', `There is no printer "${name}".`, { name: name ?? '' })
      return told(printOn(one.printer, () => encodeLines(lines, one.width, cut)))
    },

    /** Prints a ticket that is nobody's, to try the printer. `address` is what its QR leads to. */
    printSpecimen(address: string, language: string): Promise<Printed | 'waiting'> {
      assertPrinter()
      return told(send(ticketBytes(specimen(office().now, address, catalogues.speak(language)), language), 'A000'))
    },

    /** Throws `print.target` and `print.document-target` for what is no printer. Takes effect at once. */
    changeSettings({
      settings: next,
      actor,
      key,
    }: {
      settings: PrinterSettings
      actor: string
      key: string | null
    }): void {
      for (const { target } of [next, ...(next.others ?? [])]) if (target) parseTarget(target, rules)
      documents.assertTarget(next.documents ?? '')
      const names = (next.others ?? []).map(({ name }) => name)
      if (new Set(names).size < names.length)
        throw new AppError('invalid', 'print.same-name', 'Two printers have the same name.')
      const changed = store.write((tx) => {
        if (pen.entryByKey(key, 'print.settings-changed')) return false
        // A page that knows of one printer only leaves the rest as it is.
        const { others, qr, documents } = settings()
        const kept = { ...(others ? { others } : {}), ...(qr ? { qr } : {}), ...(documents ? { documents } : {}) }
        pen.append(tx, { type: 'print.settings-changed', actor, key, data: { ...kept, ...next } })
        return true
      })
      if (changed) open()
    },

    async stop(): Promise<void> {
      await Promise.all([...opened().map((one) => one.stop()), ...stopping, documents.stop()])
    },
  }
}
