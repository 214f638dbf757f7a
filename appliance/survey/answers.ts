import { AppError } from '../base/errors.ts'
import type { SealedPart } from '../base/journal/event-registry.ts'
import type { Journal } from '../base/journal/journal.ts'
import type { Command } from '../base/schemas.ts'
import type { Store } from '../base/store/store.ts'
import { tidyText } from '../base/tidy-text.ts'
import { dayMs } from '../base/time.ts'
import type { OfficeRoom } from '../office/office.ts'
import type { Queue } from '../queue/queue.ts'
import { surveyEvents } from './events.ts'
import type { Respondent, SurveyAnswers } from './schemas.ts'

/** Office days, both included: 2026-11-01 to 2026-11-30. */
type Days = { from: string; to: string }

const oldestPaperMs = 366 * dayMs

export type Survey = ReturnType<typeof createSurvey>

/** What somebody said besides the answers. */
export type Said = { respondent?: Respondent | undefined; suggestion?: string | undefined }

/** One questionnaire of the past. `respondent` and `suggestion`: null where nothing was said, or it was erased. */
export type Questionnaire = {
  day: string
  service: string
  answers: SurveyAnswers
  respondent: Respondent | null
  suggestion: string | null
}

type Answered = 'queue.survey-answered'
type Answers = { answers: SurveyAnswers; said?: SealedPart<Answered> | undefined }

type Parts = { store: Store; journal: Journal; office: OfficeRoom; queue: Queue }

/** Asking whoever was served, once per ticket, without keeping whose answers they are. */
export function createSurvey({ store, journal, office, queue }: Parts) {
  const pen = journal.pen(surveyEvents)
  const { db } = store
  const insertSurveyed = db.prepare('INSERT INTO surveyed (ticket) VALUES (@ticket) ON CONFLICT DO NOTHING')
  const selectSurveyed = db
    .prepare<{ ticket: string }, number>('SELECT EXISTS (SELECT 1 FROM surveyed WHERE ticket = @ticket)')
    .pluck()
  const selectAnswers = db.prepare<Days, { ordinal: number; day: string; service: string; answers: string }>(
    'SELECT ordinal, day, service, answers FROM survey WHERE day BETWEEN @from AND @to ORDER BY ordinal',
  )

  return {
    /** Seals what is said besides the answers, before they are taken; undefined where nothing is. */
    async seal({ respondent = {}, suggestion = '' }: Said): Promise<SealedPart<Answered> | undefined> {
      const text = tidyText(suggestion)
      const part = {
        ...(Object.keys(respondent).length > 0 && { respondent }),
        ...(text !== '' && { suggestion: text }),
      }
      return Object.keys(part).length > 0 ? pen.seal('queue.survey-answered', part) : undefined
    },

    wasSurveyed: (ticket: string): boolean => selectSurveyed.get({ ticket }) === 1,

    /** Takes the answers of whoever holds a completed ticket. A second time changes nothing. */
    answerSurvey({ ticket, answers, said, actor }: { ticket: string; actor: string } & Answers): void {
      store.write((tx) => {
        const { state, service, day, label } = queue.ticket(ticket)
        if (state !== 'completed')
          throw new AppError('conflict', 'queue.not-served-yet', `${label} was not served yet.`, { number: label })
        if (insertSurveyed.run({ ticket }).changes === 0) return
        pen.append(tx, { type: 'queue.survey-answered', actor, data: { service, day, answers }, ...asPrivate(said) })
      })
    },

    /**
     * Takes one questionnaire that somebody filled in on paper on `day`. Throws `queue.survey-day` for a day to come
     * and for one more than a year ago: such a date was mistyped.
     */
    enterSurvey({
      service,
      day,
      answers,
      said,
      actor,
      key,
    }: Command & { service: string; day: string } & Answers): void {
      office.service(service)
      const today = queue.day()
      if (today === null || day > today || Date.parse(day) < Date.parse(today) - oldestPaperMs)
        throw new AppError('invalid', 'queue.survey-day', `${day} is not a day of the last year.`, { field: 'day' })
      store.write((tx) => {
        if (!pen.entryByKey(key, 'queue.survey-answered'))
          pen.append(tx, {
            ...{ type: 'queue.survey-answered', actor, key, data: { service, day, answers } },
            ...asPrivate(said),
          })
      })
    },

    /** The answers of some days alone: what an index needs, and a live page asks for again and again. */
    answers: (days: Days): SurveyAnswers[] =>
      selectAnswers.all(days).map(({ answers }) => JSON.parse(answers) as SurveyAnswers),

    /** Every questionnaire of some days, in the order in which they came. */
    questionnaires: (days: Days): Questionnaire[] =>
      selectAnswers.all(days).map(({ ordinal, day, service, answers }) => {
        const { respondent = null, suggestion = null } = pen.partOf(ordinal, 'queue.survey-answered') ?? {}
        return { day, service, answers: JSON.parse(answers) as SurveyAnswers, respondent, suggestion }
      }),
  }
}

const asPrivate = (said: SealedPart<Answered> | undefined) => (said ? { private: said } : {})
