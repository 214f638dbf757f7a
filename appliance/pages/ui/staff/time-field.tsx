import { useSignal } from '@preact/signals'
import { useLayoutEffect } from 'preact/hooks'
import { t } from '../messages.ts'
import { readTime, writeTime } from '../typed-time.ts'
import { Field, type FieldProps } from './field.tsx'
import { fieldValue } from './field-value.ts'

type Props = Pick<FieldProps, 'label' | 'value' | 'hint' | 'problem' | 'required'>

/** A time of day as it is said here, 08.30, in every browser. `value` holds `08:30`, and nothing while that is no time. */
export function TimeField({ value, ...field }: Props) {
  const typed = useSignal(value.value.replace(':', '.'))
  const time = read(typed.value)
  useLayoutEffect(() => {
    if (value.value !== (read(typed.peek()) ?? '')) typed.value = value.value.replace(':', '.')
  }, [value.value])
  const take = (text: string) => {
    typed.value = text
    value.value = read(text) ?? ''
  }
  return (
    <Field
      {...field}
      value={fieldValue(typed.value, take)}
      wrong={time === null ? t('ui.time-wrong') : undefined}
      inputMode="numeric"
      autocomplete="off"
      maxLength={5}
      placeholder={t('ui.time-form')}
      onChange={() => {
        if (time !== null) typed.value = time.replace(':', '.')
      }}
    />
  )
}

/** `8` is `08:00`, nothing is nothing; null where it is no time. */
function read(typed: string): string | null {
  if (typed.trim() === '') return ''
  const minute = readTime(typed)
  return minute === null || minute === 1440 ? null : writeTime(minute).replace('.', ':')
}
