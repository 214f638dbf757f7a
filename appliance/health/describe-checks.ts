import type { Check, Fact } from './views.ts'

/* Checks in words, the same on the page, in the report and at the terminal. Pure, nothing of Node. */

export type Words = {
  say: (key: string, values?: Fact['values']) => string
  locale: string
  /** IANA */
  zone: string
  /** ms since 1970 UTC */
  now: number
}

export type Advice = { title: string; remedy: string; severity: 'warning' | 'action'; since: number | null }

export const sayName = ({ code }: Check, { say }: Words): string => say(`check.name.${code}`)

/** `tersambung; pulang-pergi 84 ms; semua terkirim 09.42` */
export const sayFacts = ({ facts }: Pick<Check, 'facts'>, words: Words): string =>
  facts.map((fact) => sayFact(fact, words)).join('; ')

export const sayFact = (fact: Fact, words: Words): string => words.say(fact.key, sayValues(fact, words))

/** What is wrong and what to do: each alarm; without one, the check's own advice. */
export function sayAdvice(check: Check, words: Words): Advice[] {
  const { say } = words
  if (check.state !== 'attention') return []
  if (check.alarms.length === 0) {
    const title = `${sayName(check, words)}: ${sayFacts(check, words)}`
    const [reason] = check.facts.flatMap(({ key }) => /^relay\.reason\.(.+)$/.exec(key)?.[1] ?? [])
    const remedy = reason ? say(`relay.remedy.${reason}`) : say(`check.advice.${check.code}`)
    return [{ title, remedy, severity: 'warning', since: null }]
  }
  return check.alarms.map(({ code, severity, since, details }) => ({
    title: say(`alarm.${code}.title`, details),
    remedy: say(`alarm.${code}.remedy`, details),
    severity,
    since,
  }))
}

/** How a line of a report begins. */
export const marks = { good: '+', attention: '!', missing: '-' } as const satisfies Record<Check['state'], string>

/** Every check in a line, what to do below it: for a message to whoever helps, and for `balai doctor`. */
export const writeChecks = (checks: readonly Check[], words: Words): string[] =>
  checks.flatMap((check) => [
    `${marks[check.state]} ${sayName(check, words)}: ${sayFacts(check, words)}`,
    ...sayAdvice(check, words).map(({ title, remedy, since }) => `    ${since === null ? '' : `${title}. `}${remedy}`),
  ])

/** What a value's name ends in says what it is. */
function sayValues({ values }: Fact, words: Words): Fact['values'] {
  const shown = Object.entries(values).map(([name, value]) => {
    if (typeof value === 'string') return [name, value]
    if (name.endsWith('At')) return [name, sayMoment(value, words)]
    if (name.endsWith('Span')) return [name, saySpan(value, words)]
    if (name.endsWith('Bytes')) return [name, sayBytes(value, words)]
    return [name, value]
  })
  return Object.fromEntries(shown)
}

/** 09.41 today; 22 Nov 09.41 on another day. */
function sayMoment(at: number, { locale, zone: timeZone, now }: Words): string {
  const show = (moment: number, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(moment)
  const day = { day: 'numeric', month: 'short' } as const
  const time = show(at, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return show(at, day) === show(now, day) ? time : `${show(at, day)} ${time}`
}

function saySpan(ms: number, { say }: Words): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000))
  if (minutes < 1) return say('ui.span-moment')
  if (minutes < 60) return say('ui.span-minutes', { n: minutes })
  if (minutes < 48 * 60) return say('ui.span-hours', { n: Math.floor(minutes / 60) })
  return say('ui.span-days', { n: Math.floor(minutes / 1440) })
}

function sayBytes(value: number, { locale }: Words): string {
  const decimal = (size: number) => size.toLocaleString(locale, { maximumFractionDigits: 1 })
  if (value >= 1e9) return `${decimal(value / 1e9)} GB`
  return value >= 1e6 ? `${decimal(value / 1e6)} MB` : `${decimal(value / 1e3)} kB`
}
