import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Standing } from './standing.ts'

/** So many others ahead, and whoever asked to be told is told. */
export const nearlyAhead = 3

const storageKey = 'balai.tell'

/** Told once when three are ahead, if this phone asked for it; the wish outlives a reload of the page. */
export function useNearly(ticket: string, { state, ahead }: Standing) {
  const wanted = useSignal(read() === ticket)
  const told = useSignal(false)
  useEffect(() => {
    if (wanted.value && state === 'waiting' && ahead <= nearlyAhead) told.value = true
    if (ahead > nearlyAhead) told.value = false
  }, [wanted.value, state, ahead])
  return {
    wanted,
    told,
    want() {
      wanted.value = true
      write(ticket)
    },
  }
}

function read(): string | null {
  try {
    return sessionStorage.getItem(storageKey)
  } catch {
    return null
  }
}

function write(ticket: string) {
  try {
    sessionStorage.setItem(storageKey, ticket)
  } catch {
    // Told all the same, as long as the page is not loaded again.
  }
}
