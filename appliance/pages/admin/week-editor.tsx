import { X } from 'lucide-preact'
import { dayMs } from '../../base/time.ts'
import type { Span, Week } from '../../screens/admin-view.ts'
import { formatWeekday } from '../ui/format.ts'
import { t } from '../ui/messages.ts'
import { readTime, writeTime } from '../ui/typed-time.ts'
import './week-editor.css'

/** Monday to Friday 8 to 12 and 13 to 15.30, Friday with a longer noon: what most offices begin with. */
const morning: Span = { from: 480, until: 720 }
const usualDay: Span[] = [morning, { from: 780, until: 930 }]
const friday: Span[] = [
  { from: 480, until: 690 },
  { from: 780, until: 930 },
]
export const usualWeek: Week = [[], usualDay, usualDay, usualDay, usualDay, friday, []]
export const closedWeek: Week = [[], [], [], [], [], [], []]

/** Monday first, as calendars here have it; the numbers are those of the box (0 is Sunday). */
const shownOrder = [1, 2, 3, 4, 5, 6, 0]
const workdays = [1, 2, 3, 4, 5]
/** A Sunday at noon in any zone of Indonesia: only its weekday's name is asked. */
const someSunday = Date.UTC(2026, 10, 22, 4)
const mostSpans = 4

export const nameOfWeekday = (weekday: number) => formatWeekday(someSunday + weekday * dayMs)

/** A week in words, neighbouring days with the same hours as one: `Senin–Kamis` with `08.00–12.00` and `13.00–15.30`. */
export function wordsOf(week: Week): { days: string; hours: string[] }[] {
  const runs: { from: number; until: number; hours: string[] }[] = []
  for (const weekday of shownOrder) {
    const spans = week[weekday] ?? []
    const hours = spans.map(({ from, until }) => `${writeTime(from)}–${writeTime(until)}`)
    const last = runs[runs.length - 1]
    if (last && String(last.hours) === String(hours)) last.until = weekday
    else runs.push({ from: weekday, until: weekday, hours })
  }
  return runs.map(({ from, until, hours }) => ({
    days: from === until ? nameOfWeekday(from) : `${nameOfWeekday(from)}–${nameOfWeekday(until)}`,
    hours: hours.length ? hours : [t('admin.closed-day')],
  }))
}

/** The opening hours of seven days, several spans a day. */
export function WeekEditor({ week, change }: { week: Week; change: (fresh: Week) => void }) {
  const setDay = (weekday: number, spans: Span[]) => change(week.map((day, index) => (index === weekday ? spans : day)))
  return (
    <div class="week">
      {shownOrder.map((weekday) => {
        const spans = week[weekday] ?? []
        const name = nameOfWeekday(weekday)
        const setSpan = (index: number, span: Span) =>
          setDay(
            weekday,
            spans.map((one, i) => (i === index ? span : one)),
          )
        return (
          <fieldset key={weekday}>
            <legend>{name}</legend>
            {spans.length === 0 && <span class="quiet">{t('admin.closed-day')}</span>}
            {spans.map((span, index) => (
              <span key={index} class="span">
                <Time
                  label={`${name}: ${t('admin.from')}`}
                  minute={span.from}
                  change={(from) => setSpan(index, { ...span, from })}
                />
                –
                <Time
                  label={`${name}: ${t('admin.until')}`}
                  minute={span.until}
                  change={(until) => setSpan(index, { ...span, until })}
                />
                <button
                  type="button"
                  aria-label={`${name}: ${t('admin.remove-span')}`}
                  onClick={() =>
                    setDay(
                      weekday,
                      spans.filter((_, i) => i !== index),
                    )
                  }
                >
                  <X class="icon" strokeWidth={1.8} aria-hidden="true" />
                </button>
              </span>
            ))}
            <span class="end">
              {spans.length < mostSpans && (
                <button
                  type="button"
                  class="button"
                  aria-label={`${name}: ${t('admin.add-span')}`}
                  onClick={() => setDay(weekday, [...spans, nextSpan(spans)])}
                >
                  {t('admin.add-span')}
                </button>
              )}
              {weekday === 1 && spans.length > 0 && (
                <button
                  type="button"
                  class="button"
                  onClick={() => change(week.map((day, index) => (workdays.includes(index) ? spans : day)))}
                >
                  {t('admin.copy-day')}
                </button>
              )}
            </span>
          </fieldset>
        )
      })}
    </div>
  )
}

/** The first is a morning, the next goes from an hour after the one before to two hours later. */
function nextSpan(spans: readonly Span[]): Span {
  const last = spans[spans.length - 1]
  if (!last) return morning
  const from = Math.min(last.until + 60, 1380)
  return { from, until: Math.min(from + 120, 1440) }
}

/** A clock time as a clerk types it: `8`, `8.30`, `0830` and `08:30` are all understood, in any browser's language. */
function Time({ label, minute, change }: { label: string; minute: number; change: (minute: number) => void }) {
  return (
    <input
      aria-label={label}
      required
      inputMode="numeric"
      autocomplete="off"
      maxLength={5}
      value={writeTime(minute)}
      onChange={(event) => {
        const input = event.currentTarget
        const typed = readTime(input.value)
        input.setCustomValidity(typed === null ? t('admin.time-wrong') : '')
        if (typed === null) input.reportValidity()
        else change(typed)
        if (typed !== null) input.value = writeTime(typed)
      }}
    />
  )
}
