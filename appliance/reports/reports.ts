import { zoneOffsetMs } from '../base/clock.ts'
import { AppError } from '../base/errors.ts'
import type { Db } from '../base/store/store.ts'
import { addDays, dayMs, lastDayOf } from '../base/time.ts'
import type { Office } from '../base/web/office-view.ts'
import type { Estimate } from '../estimate/open.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { Queue } from '../queue/queue.ts'
import type { Survey } from '../survey/answers.ts'
import { neededRespondents, scoreSurvey } from '../survey/questions.ts'
import { countRespondents } from '../survey/respondents.ts'
import { figuresBy, figuresOf, hoursOf, serviceTimeOf, spreadOf, type Visit, weekOf } from './figures.ts'
import type { ReportView, Suggestions, TodayView } from './views.ts'

export type Reports = ReturnType<typeof createReports>

/** Office days, both included: 2026-11-01 to 2026-11-30. */
export type Period = { from: string; to: string }

/** Days begin in the order of rows: a period is one stretch of them, unless the clock went back, hence the day itself. */
const ofPeriod = `
      ordinal > (SELECT min(ordinal) FROM day_begun WHERE day BETWEEN @from AND @to)
      AND ordinal < coalesce((
        SELECT min(ordinal)
        FROM day_begun
        WHERE ordinal > (SELECT max(ordinal) FROM day_begun WHERE day BETWEEN @from AND @to)), 9e15)
      AND day BETWEEN @from AND @to`

/** A year and a day: more would hold the desk up while it is read. */
const longestDays = 366
const usualDays = 56
const scoredDays = 14

type Parts = {
  db: Db
  head: () => Office
  office: OfficeRoom
  queue: Queue
  survey: Survey
  estimate: Estimate
}

/** Figures over an office's days. Reads the queue's tables, changes nothing. */
export function createReports({ db, head, office, queue, survey, estimate }: Parts) {
  const selectVisits = db.prepare<Period, Omit<Visit, 'timed'> & { timed: number }>(`
    SELECT label AS number, day, service, counter, state, taken_at AS takenAt, called_at AS calledAt,
      started_at AS startedAt, ended_at AS endedAt, taken_clock <> 'doubtful' AS timed
    FROM ticket
    WHERE ${ofPeriod}
    ORDER BY ordinal`)
  const countServed = db
    .prepare<Period, number>(`SELECT count(*) FROM ticket WHERE ${ofPeriod} AND state = 'completed'`)
    .pluck()
  let usual: { day: string; week: TodayView['week']; serviceMinutes: number | null } | null = null

  const visits = (period: Period): Visit[] =>
    selectVisits.all(period).map((row) => ({ ...row, timed: row.timed === 1 }))

  /** Hour of the day in the village. */
  function hourOf(at: number): number {
    return new Date(at + zoneOffsetMs(head().zone, at)).getUTCHours()
  }

  /** What eight weeks before a day were like; read once a day. */
  function usually(day: string) {
    if (usual?.day !== day) {
      const past = visits({ from: addDays(day, -usualDays), to: addDays(day, -1) })
      usual = {
        day,
        week: weekOf(past, hourOf),
        serviceMinutes: spreadOf(past.flatMap((visit) => serviceTimeOf(visit) ?? [])).p50,
      }
    }
    return usual
  }

  /** The survey's index, and how many questionnaires would make it sound. */
  function surveyOf(period: Period, answers = survey.answers(period)) {
    const served = countServed.get(period) ?? 0
    return { ...scoreSurvey(answers), served, needed: neededRespondents(served) }
  }

  /** The survey with the tables of a yearly report: who answered, and what each service got. */
  function surveyTables(period: Period, services: ReadonlyMap<string, string>): ReportView['survey'] {
    const all = survey.questionnaires(period)
    const byService = Map.groupBy(all, ({ service }) => service)
    return {
      ...surveyOf(
        period,
        all.map(({ answers }) => answers),
      ),
      respondentsBy: countRespondents(all.map(({ respondent }) => respondent)),
      services: [...services].flatMap(([service, name]) => {
        const some = byService.get(service)
        if (!some) return []
        const { respondents, index, grade } = scoreSurvey(some.map(({ answers }) => answers))
        return [{ name, respondents, index, grade }]
      }),
      suggestions: all.filter(({ suggestion }) => suggestion !== null).length,
    }
  }

  /** What visitors wrote; for the head and the secretary alone, since words may name somebody. */
  function suggestions(period: Period): Suggestions {
    assertPeriod(period)
    const names = new Map(office.services().map(({ service, name }) => [service, name]))
    return survey
      .questionnaires(period)
      .flatMap(({ day, service, suggestion }) =>
        suggestion === null ? [] : [{ day, service: names.get(service) ?? service, text: suggestion }],
      )
  }

  /** Throws `reports.period` when it is none, or longer than a year. */
  function report(period: Period): ReportView {
    assertPeriod(period)
    const all = visits(period)
    const earlier = periodBefore(period)
    const before = figuresOf(visits(earlier))
    const services = new Map(office.services().map(({ service, prefix, name }) => [service, `${prefix} ${name}`]))
    const counters = new Map(office.counters().map(({ counter, name }) => [counter, name]))
    return {
      office: head(),
      ...period,
      total: figuresOf(all),
      before: before.taken === 0 ? null : { ...earlier, total: before },
      services: figuresBy(all, ({ service }) => services.get(service) ?? service, [...services.values()]),
      counters: figuresBy(all, ({ counter }) => counter && (counters.get(counter) ?? counter), [...counters.values()]),
      hours: figuresBy(all, ({ takenAt }) => String(hourOf(takenAt)).padStart(2, '0')),
      days: figuresBy(all, ({ day }) => day),
      survey: surveyTables(period, services),
      offered: [...services].map(([service, name]) => ({ service, name })),
    }
  }

  function foretold(): TodayView['foretold'] {
    const scores = estimate.scores(scoredDays)
    const sum = (part: 'tickets' | 'p80') => scores.reduce((total, one) => total + one[part], 0)
    return scores.length === 0 ? null : { tickets: sum('tickets'), p80: sum('p80') }
  }

  function today(): TodayView {
    const top = head()
    const day = queue.day()
    const all = day ? visits({ from: day, to: day }) : []
    const { week, serviceMinutes } = day ? usually(day) : { week: { hours: [], days: [] }, serviceMinutes: null }
    const month = (day ?? '').slice(0, 7)
    const waiting = all.filter(({ state }) => state === 'waiting')
    const [longest] = [...waiting].sort((a, b) => a.takenAt - b.takenAt)
    return {
      office: top,
      day,
      total: figuresOf(all),
      waiting: waiting.length,
      longest: longest
        ? { number: longest.number, minutes: Math.max(0, Math.floor((top.now - longest.takenAt) / 60_000)) }
        : null,
      usualServiceMinutes: serviceMinutes,
      hours: hoursOf(all, hourOf),
      week,
      survey: { month, ...surveyOf({ from: `${month}-01`, to: `${month}-31` }) },
      foretold: foretold(),
    }
  }

  /** Every ticket of a period with the names of its service and counter; nothing of it names a person. */
  function tickets(period: Period): Visit[] {
    assertPeriod(period)
    const services = new Map(office.services().map(({ service, name }) => [service, name]))
    const counters = new Map(office.counters().map(({ counter, name }) => [counter, name]))
    return visits(period).map((visit) => ({
      ...visit,
      service: services.get(visit.service) ?? visit.service,
      counter: visit.counter && (counters.get(visit.counter) ?? visit.counter),
    }))
  }

  return { report, today, tickets, surveyOf, suggestions }
}

/** What a period is compared with: a month with the month before, anything else with as many days before it. */
export function periodBefore({ from, to }: Period): Period {
  const before = addDays(from, -1)
  if (from.endsWith('-01') && to === lastDayOf(from.slice(0, 7)))
    return { from: `${before.slice(0, 7)}-01`, to: before }
  const days = (Date.parse(to) - Date.parse(from)) / dayMs
  return { from: addDays(before, -days), to: before }
}

function assertPeriod({ from, to }: Period): void {
  const days = (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs
  if (days >= 0 && days < longestDays) return
  throw new AppError('invalid', 'reports.period', `A period has 1 to ${longestDays} days; ${from} to ${to} does not.`, {
    days: longestDays,
  })
}
