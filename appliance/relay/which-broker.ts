import type { LinkTrouble } from '../base/broker/link-trouble.ts'

/*
 * Which of its brokers a box connects to, pure. `urls`: the preferred one first; the list may change at any time. Times are
 * monotonic ms.
 */

export type BrokerChoice = {
  url: string
  /** Connections to it in a row that did not come about. */
  failures: number
  /** Why the first one was left; null: it was not. */
  why: LinkTrouble | null
  /** When to look whether the first one is back. */
  lookAt: number
}

/** One failure may be a modem that starts; three of them take some seconds where nobody listens, a minute where all is dropped. */
export const failuresBeforeNext = 3

/** On a fall-back the first one is looked at so often, while the line that works goes on. */
export const lookMs = 15 * 60_000

export const firstBroker = (urls: readonly string[]): BrokerChoice => ({
  url: urls[0] ?? '',
  failures: 0,
  why: null,
  lookAt: 0,
})

/** Where the next connection goes. One that is in the list no more gives way to the first. */
export const chooseBroker = (choice: BrokerChoice, urls: readonly string[]): BrokerChoice =>
  urls.includes(choice.url) ? choice : firstBroker(urls)

/** A connection did not come about: no TCP, no TLS, or the broker did not let the box in. */
export function afterFailure(choice: BrokerChoice, urls: readonly string[], trouble: LinkTrouble): BrokerChoice {
  const failures = choice.failures + 1
  const at = urls.indexOf(choice.url)
  if (failures < failuresBeforeNext || urls.length < 2) return { ...choice, failures }
  const url = urls[(at + 1) % urls.length] ?? ''
  if (url === urls[0]) return firstBroker(urls)
  return { ...choice, url, failures: 0, why: at === 0 ? trouble : choice.why }
}

/** A connection came about. */
export const afterSuccess = (choice: BrokerChoice, now: number): BrokerChoice => ({
  ...choice,
  failures: 0,
  lookAt: now + lookMs,
})

/** The first broker was looked at and is not back yet. */
export const afterLook = (choice: BrokerChoice, trouble: LinkTrouble, now: number): BrokerChoice => ({
  ...choice,
  why: trouble,
  lookAt: now + lookMs,
})

/** Whether the line that works is one to a fall-back, and the first one is to be looked at. */
export const isLookDue = (choice: BrokerChoice, urls: readonly string[], now: number): boolean =>
  choice.url !== urls[0] && now >= choice.lookAt
