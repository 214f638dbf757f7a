import type { LinkTrouble } from '../base/broker/link-trouble.ts'
import type { Trial, TrialOutcome } from './try-broker.ts'
import { afterFailure, afterLook, afterSuccess, chooseBroker, firstBroker, isLookDue } from './which-broker.ts'

type Parts = {
  /** The preferred one first; read anew each time. */
  urls: () => readonly string[]
  monotonicMs: () => number
  /** Opens the relay's line. */
  connect: (url: string) => void
  /** Opens a second line; `command`: by which the regency asks for this. */
  tryOut: (url: string, command: string | null) => Trial
  /** The relay's line is to begin anew. */
  reconnect: () => void
}

/** Which broker the relay's line goes to, and second lines that try another one while it lives. */
export function createBrokers({ urls, monotonicMs, connect, tryOut, reconnect }: Parts) {
  let choice = firstBroker(urls())
  let trial: Trial | null = null
  /** Two lines of one client id at one broker cut each other off: this one waits for the end of a trial. */
  let waits = false
  let stopped = false

  function open(): void {
    choice = chooseBroker(choice, urls())
    waits = trial !== null
    if (!waits) connect(choice.url)
  }

  async function tryNow(url: string, command: string | null): Promise<TrialOutcome> {
    while (trial) await trial.outcome
    if (stopped) return 'closing'
    const mine = tryOut(url, command)
    trial = mine
    const outcome = await mine.outcome
    trial = null
    if (waits && !stopped) open()
    return outcome
  }

  function begin(): void {
    choice = firstBroker(urls())
    reconnect()
  }

  return {
    open,
    connected(): void {
      choice = afterSuccess(choice, monotonicMs())
    },
    /** The connection did not come about. */
    failed(trouble: LinkTrouble): void {
      choice = afterFailure(choice, urls(), trouble)
    },
    /** Whether the regency's hub answers there. */
    tryNow,
    /** The list is another one: the line begins anew with its first. */
    begin,
    /** Each minute, with a line that works: a box on a fall-back goes back once the regency answers at the first. */
    async look(): Promise<void> {
      const [first] = urls()
      if (!first || trial || !isLookDue(choice, urls(), monotonicMs())) return
      const outcome = await tryNow(first, null)
      if (outcome === null) begin()
      else if (outcome !== 'closing') choice = afterLook(choice, outcome, monotonicMs())
    },
    /** Where the line is or goes, and why not to the first. */
    view(): { url: string; first: string; why: LinkTrouble | null } {
      return { url: choice.url, first: urls()[0] ?? choice.url, why: choice.why }
    },
    async stop(): Promise<void> {
      stopped = true
      trial?.giveUp()
      await trial?.outcome
    },
  }
}
