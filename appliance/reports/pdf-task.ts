import type { TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { Say } from '../base/messages/catalogues.ts'
import type { Office } from '../base/web/office-view.ts'
import { describeLetter } from './letter.ts'
import { describeQuestionnaire } from './questionnaire.ts'
import { describeSurveyLetter } from './survey-letter.ts'
import type { ReportView, Suggestions } from './views.ts'

/** What this room has printed. `head`: who signs; null leaves room for a name. */
export type ReportTask = { regency: string | null } & (
  | { report: ReportView; head: string | null }
  | { survey: ReportView; suggestions: Suggestions; head: string | null }
  | { questionnaire: { office: Office; services: string[] } }
)

export function describeReportTask(task: ReportTask, say: Say): TDocumentDefinitions {
  const { regency } = task
  if ('questionnaire' in task)
    return describeQuestionnaire(task.questionnaire, { office: task.questionnaire.office, regency }, say)
  if ('survey' in task) {
    const { survey: report, suggestions, head } = task
    return describeSurveyLetter({ report, suggestions, head }, { office: report.office, regency }, say)
  }
  return describeLetter(task.report, { office: task.report.office, regency }, task.head, say)
}
