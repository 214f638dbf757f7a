import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { codeOf, createSender, explain, Refusal, type Send } from '../api.ts'
import { heedRefusal } from './session.ts'

export type { Send }

/**
 * Sends a form. `byCode` says beside which field the sentence of an error code stands; an `invalid` that names one of
 * `fields` stands there; all others stand below the form. What was typed is the form's and is never touched here.
 */
export function useSubmit(byCode: Record<string, string> = {}, fields: readonly string[] = []) {
  const send = useMemo(() => createSender(), [])
  const busy = useSignal(false)
  const problem = useSignal<{ field: string | null; sentence: string } | null>(null)

  /** True when the box accepted it. */
  async function submit(action: (send: Send) => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    try {
      await action(send)
      problem.value = null
      return true
    } catch (error) {
      problem.value = { field: byCode[codeOf(error)] ?? named(error, fields), sentence: explain(error) }
      heedRefusal(error)
      return false
    } finally {
      busy.value = false
    }
  }

  return {
    submit,
    busy: busy.value,
    problemOf: (field: string | null) => (problem.value?.field === field ? problem.value.sentence : undefined),
    forget: () => {
      problem.value = null
    },
  }
}

function named(error: unknown, fields: readonly string[]): string | null {
  const field = error instanceof Refusal ? error.problem.details.field : undefined
  return fields.find((one) => one === field) ?? null
}
