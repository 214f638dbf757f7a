import { useSignal } from '@preact/signals'
import { useLayoutEffect } from 'preact/hooks'
import { formatOfficeDay } from '../format.ts'
import { t } from '../messages.ts'
import { readDay, type TypedDay, writeDay } from '../typed-day.ts'
import { DayPicker } from './day-picker.tsx'
import { Field, type FieldProps } from './field.tsx'
import { fieldValue } from './field-value.ts'

type Limits = {
  /** The first and the last day that are taken, as `2026-11-23`. */
  min?: string | undefined
  max?: string | undefined
}
type Props = Pick<FieldProps, 'label' | 'isLabelUnseen' | 'value' | 'hint' | 'problem' | 'required' | 'autofocus'> &
  Limits

/**
 * A day, typed as people here write it and shown so in every browser. `value` holds `1990-02-01`, and nothing while what
 * stands there is no day: the form is not sent then, and the sentence below says why.
 */
export function DayField({ value, min, max, ...field }: Props) {
  const typed = useSignal(writeDay(value.value))
  const read = (text: string) => within(readDay(text), { min, max })
  const { day, wrong } = read(typed.value)
  // What comes from elsewhere, from a fresh form or what somebody else has saved, is written out.
  useLayoutEffect(() => {
    if (value.value !== read(typed.peek()).day) typed.value = writeDay(value.value)
  }, [value.value])
  const take = (text: string) => {
    typed.value = text
    value.value = read(text).day
  }
  return (
    <Field
      {...field}
      value={fieldValue(typed.value, take)}
      wrong={wrong}
      words={formatOfficeDay(day)}
      inputMode="numeric"
      autocomplete="off"
      maxLength={30}
      placeholder={t('ui.day-form')}
      onChange={() => {
        if (!wrong) typed.value = writeDay(day)
      }}
      beside={<DayPicker day={day} min={min} max={max} choose={(chosen) => take(writeDay(chosen))} />}
    />
  )
}

function within(typed: TypedDay, { min, max }: Limits): { day: string; wrong: string | undefined } {
  if ('wrong' in typed) return { day: '', wrong: t(`ui.day-wrong-${typed.wrong}`) }
  const { day } = typed
  if (day && max && day > max) return { day: '', wrong: t('ui.day-latest', { day: formatOfficeDay(max) }) }
  if (day && min && day < min) return { day: '', wrong: t('ui.day-earliest', { day: formatOfficeDay(min) }) }
  return { day, wrong: undefined }
}
