import type { ComponentChildren } from 'preact'
import type { ReportView } from '../../reports/views.ts'
import { count, locale, t } from '../ui/messages.ts'

/** One figure, large, with its meaning in a sentence. */
export function Figure({ value, words, children }: { value: string; words: string; children: ComponentChildren }) {
  const [number, ...unit] = value.split(' ')
  return (
    <div class="figure">
      <b class="num">
        {number}
        {unit.length > 0 && <span> {unit.join(' ')}</span>}
      </b>
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

/** Everybody who came, and what became of those who were not served, as far as there are any. */
export function cameAndLeft({ taken, cancelled, missed, closed }: ReportView['total']): string {
  const left = [
    cancelled > 0 && t('reports.cancelled-n', { n: cancelled }),
    missed > 0 && t('reports.missed-n', { n: missed }),
    closed > 0 && t('reports.closed-n', { n: closed }),
  ].filter((part) => part !== false)
  return [t('reports.came', { n: taken }), ...(left.length > 0 ? [left.join(', ')] : [])].join('; ')
}

export const whole = (value: number): string => count(value)
