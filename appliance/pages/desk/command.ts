import { useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { codeOf, createSender, explain } from '../ui/api.ts'
import { refreshSession } from '../ui/staff/session.ts'

export type Said = { text: string; kind: 'done' | 'error' }

// The view that follows a command comes within 0.1 s; until it is drawn a second Enter would mean another step.
const settleMs = 350
const giveUpMs = 2000
const saidMs = 10_000

/** Runs the desk's commands one at a time, and says what came of the last one. `shown` changes with each view. */
export function useCommands(shown: unknown) {
  const send = useMemo(() => createSender(), [])
  const busy = useSignal(false)
  const waitsForView = useSignal(false)
  const said = useSignal<Said | null>(null)

  async function run(path: string, body: object, after?: string) {
    if (busy.value) return
    busy.value = true
    try {
      await send('POST', path, body)
      said.value = after ? { text: after, kind: 'done' } : null
      waitsForView.value = true
    } catch (error) {
      said.value = { text: explain(error), kind: 'error' }
      busy.value = false
      if (['unknown-caller', 'locked'].includes(codeOf(error))) refreshSession()
    }
  }

  useEffect(() => {
    if (!waitsForView.value) return
    const timer = setTimeout(release, settleMs)
    return () => clearTimeout(timer)
  }, [shown])
  useEffect(() => {
    if (!waitsForView.value) return
    const timer = setTimeout(release, giveUpMs)
    return () => clearTimeout(timer)
  }, [waitsForView.value])
  useEffect(() => {
    if (said.value?.kind !== 'done') return
    const timer = setTimeout(() => {
      said.value = null
    }, saidMs)
    return () => clearTimeout(timer)
  }, [said.value])

  function release() {
    waitsForView.value = false
    busy.value = false
  }

  return { run, busy: busy.value, said }
}
