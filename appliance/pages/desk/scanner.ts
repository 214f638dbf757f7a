import { useEffect, useRef } from 'preact/hooks'
import { letterKeys } from './letter-keys.ts'
import { isTyping } from './shortcuts.ts'

/** A scanner or card reader types a character in a few milliseconds, a quick hand in a hundred. */
const burstMs = 50
/** Fewer characters than these are two keys that were pressed together. */
const leastScanned = 4
const drawnMs = 20

type Held = { key: string; target: EventTarget }

/**
 * Tells what a scanner types from what a hand does, before any key of the page hears of it: a barcode is one text, handed to
 * `scanned`, and never ends a service. A single key waits for 50 ms, so that it is known to be one.
 */
export function useScanner(scanned: (text: string) => void): void {
  const hear = useRef(scanned)
  hear.current = scanned
  useEffect(() => {
    let pending: Held[] = []
    let timer: ReturnType<typeof setTimeout> | undefined

    function finish(): void {
      clearTimeout(timer)
      const keys = pending
      pending = []
      const text = keys.map(({ key }) => (key.length === 1 ? key : '')).join('')
      if (text.length >= leastScanned) hear.current(text)
      else void replay(keys.filter(({ key }) => key.length > 1 || letterKeys.value))
    }

    function hold(event: KeyboardEvent): void {
      // Those that are not trusted are what is played again here.
      if (!event.isTrusted || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const ends = event.key === 'Enter' || event.key === 'Tab'
      if (event.key.length > 1 && !(ends && pending.length > 0)) return
      event.preventDefault()
      event.stopImmediatePropagation()
      if (event.repeat) return
      pending.push({ key: event.key, target: event.target ?? window })
      clearTimeout(timer)
      if (ends) finish()
      else timer = setTimeout(finish, burstMs)
    }

    addEventListener('keydown', hold, { capture: true })
    return () => {
      clearTimeout(timer)
      removeEventListener('keydown', hold, { capture: true })
    }
  }, [])
}

/** One after another, each on the page that the one before has made. */
async function replay(keys: readonly Held[]): Promise<void> {
  for (const { key, target } of keys) {
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
    await new Promise((resolve) => setTimeout(resolve, drawnMs))
  }
}

/** The ticket behind the address in its QR, `http://192.168.1.5/t/Zk3vQ9xT_a7B`; null for any other text. */
export const scannedTicket = (text: string): string | null => /\/t\/([A-Za-z0-9_-]{12})$/.exec(text.trim())?.[1] ?? null
