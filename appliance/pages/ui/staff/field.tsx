import { useSignal } from '@preact/signals'
import type { ComponentChildren, InputHTMLAttributes } from 'preact'
import { useEffect, useId, useLayoutEffect, useRef } from 'preact/hooks'
import { t } from '../messages.ts'
import './form.css'

export type FieldProps = Omit<InputHTMLAttributes, 'value'> & {
  label: string
  /** In a list whose columns say it: for those who hear the page. */
  isLabelUnseen?: boolean
  value: { value: string }
  hint?: string | undefined
  /** Why the box refused it. */
  problem?: string | undefined
  /** Why what stands there is not taken: said when one has left the field, and the form is not sent. */
  wrong?: string | undefined
  /** What that means, in words. */
  words?: string
  /** What is kept of what is typed; all of it without this. */
  clean?: (typed: string) => string
  /** The sentence for a form that is not right, where the hint does not say it already. */
  say?: { pattern: string }
  beside?: ComponentChildren
}

/**
 * A labelled input with its hint. What is wrong is said right beside it, in the page's own words (a browser's speak its own
 * language and lie over the page), and the first field that is wrong is where one types on.
 */
export function Field(props: FieldProps) {
  const {
    label,
    isLabelUnseen,
    value,
    hint,
    problem,
    wrong: refusal,
    words,
    clean,
    say,
    beside,
    onChange,
    ...input
  } = props
  const id = useId()
  const box = useRef<HTMLInputElement>(null)
  const lacks = useSignal('')
  const wrong = problem || lacks.value
  useLayoutEffect(() => {
    box.current?.setCustomValidity(refusal ?? '')
    if (!refusal) lacks.value = ''
  }, [refusal])
  useEffect(() => {
    if (problem) box.current?.focus()
  }, [problem])

  const field = (
    <input
      {...input}
      ref={box}
      id={id}
      value={value.value}
      aria-invalid={wrong ? true : undefined}
      aria-describedby={`${id}-say`}
      onInput={({ currentTarget }) => {
        lacks.value = ''
        const kept = clean ? clean(currentTarget.value) : currentTarget.value
        if (kept !== currentTarget.value) currentTarget.value = kept
        value.value = kept
      }}
      onChange={(event) => {
        lacks.value = refusal ?? ''
        onChange?.(event)
      }}
      onInvalid={(event) => {
        event.preventDefault()
        const { currentTarget } = event
        lacks.value = currentTarget.validity.valueMissing
          ? t('ui.fill-in')
          : (refusal ?? say?.pattern ?? hint ?? t('ui.wrong-form'))
        if (currentTarget.form?.querySelector('input:invalid, select:invalid, textarea:invalid') === currentTarget)
          currentTarget.focus()
      }}
    />
  )
  return (
    <div class="field">
      <label for={id} class={isLabelUnseen ? 'unseen' : undefined}>
        {label}
      </label>
      {beside ? (
        <div class="beside">
          {field}
          {beside}
        </div>
      ) : (
        field
      )}
      {words && <small class="quiet">{words}</small>}
      <small id={`${id}-say`} class={wrong ? 'wrong' : 'quiet'} role={wrong ? 'alert' : undefined}>
        {wrong || hint}
      </small>
    </div>
  )
}
