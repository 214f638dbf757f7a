import { AppError } from '../../errors.ts'
import type { Journal } from '../../journal/journal.ts'
import type { Store } from '../../store/store.ts'
import type { QueueTables } from '../tables.ts'
import type { SurveyAnswers } from './survey.ts'

/** Office days, both included: 2026-11-01 to 2026-11-30. */
type Days = { from: string; to: string }

/** Asking whoever was served, once per ticket, without keeping whose answers they are. */
export function createSurveys(store: Store, journal: Journal, tables: QueueTables) {
  const { db } = store
  const insertSurveyed = db.prepare('INSERT INTO surveyed (ticket) VALUES (@ticket) ON CONFLICT DO NOTHING')
  const selectSurveyed = db
    .prepare<{ ticket: string }, number>('SELECT EXISTS (SELECT 1 FROM surveyed WHERE ticket = @ticket)')
    .pluck()
  const selectAnswers = db
    .prepare<Days, string>('SELECT answers FROM survey WHERE day BETWEEN @from AND @to ORDER BY ordinal')
    .pluck()

  return {
    wasSurveyed: (ticket: string): boolean => selectSurveyed.get({ ticket }) === 1,

    /** Takes the answers of whoever holds a completed ticket. A second time changes nothing. */
    answerSurvey({ ticket, answers, actor }: { ticket: string; answers: SurveyAnswers; actor: string }): void {
      store.write((tx) => {
        const { state, service, day, label } = tables.ticket(ticket)
        if (state !== 'completed')
          throw new AppError('conflict', 'queue.not-served-yet', `${label} was not served yet.`, { number: label })
        if (insertSurveyed.run({ ticket }).changes === 0) return
        journal.append(tx, { type: 'queue.survey-answered', actor, data: { service, day, answers } })
      })
    },

    /** Every questionnaire of some days. */
    questionnaires: (days: Days): SurveyAnswers[] =>
      selectAnswers.all(days).map((answers) => JSON.parse(answers) as SurveyAnswers),
  }
}
