import type { ComponentChildren } from 'preact'
import { count, locale, t } from '../ui/messages.ts'

/** One figure, large, with its meaning in a sentence. */
export function Figure({ value, words, children }: { value: string; words: string; children: ComponentChildren }) {
  return (
    <div class="figure">
      <b class="num">{value}</b>
      {words}
      <small class="quiet">{children}</small>
    </div>
  )
}

/** 12 mnt; a dash where nothing was measured. */
export const minutes = (value: number | null): string =>
  value === null ? '–' : t('reports.minutes', { n: value < 10 ? value : Math.round(value) })

export const decimal = (value: number | null, digits: number): string =>
  value === null
    ? '–'
    : value.toLocaleString(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits })

export const whole = (value: number): string => count(value)
