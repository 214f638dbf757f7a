import { isIP } from 'node:net'
import { AppError } from '../base/errors.ts'
import { openDevicePrinter } from './device-printer.ts'
import { openNetworkPrinter, type Patience } from './network-printer.ts'
import type { PrinterRules } from './printer-places.ts'
import { type Condition, unknown } from './printer-status.ts'

export type Printer = ReturnType<typeof createPrinter>

/** What is known of the printer, since when (monotonic ms), and how many papers wait for it. */
export type PrinterState = Condition & { sinceMs: number; waiting: number }

/** `failed`: the printer did not come back in time, or the box stopped; the paper is dropped. */
export type Printed = 'printed' | 'failed'

type Options = {
  /** `tcp://192.168.1.50:9100` or `file:/dev/usb/lp0`. */
  target: string
  rules: PrinterRules
  onChange: (state: PrinterState) => void
  monotonicMs: () => number
  timing?: Partial<Timing>
}

export type Timing = Patience & {
  /** Between two tries while papers wait. */
  retryMs: number
  /** Between two looks at an idle printer, so that an empty roll is seen before somebody needs a ticket. */
  watchMs: number
  /** A paper that is older when the printer is back is not wanted any more. */
  keepMs: number
}

const usual: Timing = {
  connectMs: 3_000,
  answerMs: 1_000,
  writeMs: 10_000,
  retryMs: 5_000,
  watchMs: 20_000,
  keepMs: 120_000,
}

/**
 * A receipt printer and the papers that wait for it, in memory. Nothing waits for it: `print` takes the bytes at once
 * and resolves when they are printed or dropped; it never rejects. What is printed is what the printer took; a roll
 * that ends meanwhile is noticed where the printer answers questions, and the paper is printed again.
 */
export function createPrinter({ target, rules, onChange, monotonicMs, timing }: Options) {
  const times: Timing = { ...usual, ...timing }
  const { visit, leave } = openTarget(target, times, rules)
  const papers: { bytes: Uint8Array; sinceMs: number; settle: (printed: Printed) => void }[] = []
  let condition: Condition & { sinceMs: number } = { ...unknown, sinceMs: monotonicMs() }
  let wake = () => {}
  let stopped = false

  const state = (): PrinterState => ({ ...condition, waiting: papers.length })

  function note(seen: Condition): void {
    // A device file says nothing while it is idle; what it said last still holds.
    const silent = seen.state === 'unknown' && condition.state === 'ready'
    if (silent || (seen.state === condition.state && seen.reason === condition.reason)) return
    condition = { ...seen, sinceMs: monotonicMs() }
    onChange(state())
  }

  function dropOld(): void {
    while (papers[0] && monotonicMs() - papers[0].sinceMs >= times.keepMs) papers.shift()?.settle('failed')
  }

  /** One visit after another, for as long as the box runs. */
  async function serve(): Promise<void> {
    while (!stopped) {
      dropOld()
      const [paper] = papers
      const { condition: seen, taken } = await visit(paper?.bytes ?? null)
      if (stopped) break
      note(seen)
      if (paper && taken) {
        papers.shift()
        paper.settle('printed')
      }
      // Whoever came during the visit is next, unless the visit was in vain.
      if (papers.length > 0 && (!paper || taken)) continue
      await rest(papers.length > 0 ? times.retryMs : times.watchMs)
    }
    for (const paper of papers.splice(0)) paper.settle('failed')
  }

  function rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      timer.unref()
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  const serving = serve()
  return {
    state,

    print(bytes: Uint8Array): Promise<Printed> {
      return new Promise((resolve) => {
        if (stopped) return resolve('failed')
        papers.push({ bytes, sinceMs: monotonicMs(), settle: resolve })
        // Behind others it waits for its turn; a printer that is away is not asked more often for it.
        if (papers.length === 1) wake()
      })
    },

    /** Papers that still wait are dropped as failed. */
    async stop(): Promise<void> {
      stopped = true
      wake()
      leave()
      await serving
    },
  }
}

/** How a printer is named. */
export const targetForms = 'tcp://host:port or file:/dev/usb/lp0'

type Named = { host: string; port: number } | { path: string }

/** Throws `print.target` for what cannot be a printer. An address in numbers is judged at once, a name when it is met. */
export function parseTarget(target: string, { mayName, mayReach }: PrinterRules): Named {
  const [, host, port] = /^tcp:\/\/([\w.-]+|\[[\da-f:]+\])(?::(\d{1,5}))?$/i.exec(target) ?? []
  const named = host?.replace(/^\[|\]$/g, '')
  if (named && (!isIP(named) || mayReach(named))) return { host: named, port: Number(port ?? 9100) }
  const [, path] = /^file:(\/.+)$/.exec(target) ?? []
  if (path && mayName(path)) return { path }
  throw new AppError('invalid', 'print.target', `A printer is ${targetForms}, not ${target}.`, { target })
}

function openTarget(target: string, patience: Patience, rules: PrinterRules) {
  const named = parseTarget(target, rules)
  return 'path' in named
    ? openDevicePrinter(named.path, patience, rules)
    : openNetworkPrinter(named.host, named.port, patience, rules)
}
