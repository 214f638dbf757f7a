import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { createSender, explain } from '../ui/api.ts'
import { heedRefusal } from '../ui/staff/session.ts'

export type Said = { text: string; kind: 'done' | 'error' }

// The view that follows a command comes within 0.1 s; until it is drawn a second Enter would mean another step.
const settleMs = 350
const giveUpMs = 2000
const saidMs = 10_000

/** Runs the desk's commands one at a time, and says what came of the last one. `shown` is the newest view. */
export function useCommands(shown: unknown) {
  const send = useMemo(() => createSender(), [])
  const busy = useSignal(false)
  const said = useSignal<Said | null>(null)
  const newest = useRef(shown)
  /** Called with the view that follows a command; it may come before the command's answer, or after. */
  const viewCame = useRef<(() => void) | null>(null)

  async function run(path: string, body: object, after?: string) {
    if (busy.value) return
    busy.value = true
    const before = newest.current
    try {
      await send('POST', path, body)
      said.value = after ? { text: after, kind: 'done' } : null
      if (newest.current === before) await nextView()
      await pause(settleMs)
    } catch (error) {
      said.value = { text: explain(error), kind: 'error' }
      heedRefusal(error)
    }
    busy.value = false
  }

  function nextView(): Promise<void> {
    const came = new Promise<void>((resolve) => {
      viewCame.current = resolve
    })
    return Promise.race([came, pause(giveUpMs)])
  }

  useEffect(() => {
    newest.current = shown
    viewCame.current?.()
  }, [shown])
  useEffect(() => {
    if (said.value?.kind !== 'done') return
    const timer = setTimeout(() => {
      said.value = null
    }, saidMs)
    return () => clearTimeout(timer)
  }, [said.value])

  return { run, busy: busy.value, said }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
