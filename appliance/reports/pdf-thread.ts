import { parentPort, workerData } from 'node:worker_threads'
import type { TDocumentDefinitions } from 'pdfmake/interfaces.js'
import { openCatalogues, type Say } from '../base/messages/catalogues.ts'
import type { Office } from '../base/web/office-view.ts'
import { describeLetter } from './letter.ts'
import { makePdf } from './make-pdf.ts'
import { describeQuestionnaire } from './questionnaire.ts'
import { describeSurveyLetter } from './survey-letter.ts'
import type { ReportView, Suggestions } from './views.ts'

/* The worker's side: sets one document and ends. Setting takes a second on a small box, in which the desk must not wait. */

export type PdfTask = { language: string; regency: string | null } & (
  | { report: ReportView; head: string | null }
  | { survey: ReportView; suggestions: Suggestions; head: string | null }
  | { questionnaire: { office: Office; services: string[] } }
)

function describe(task: PdfTask, say: Say): TDocumentDefinitions {
  const { regency } = task
  if ('questionnaire' in task)
    return describeQuestionnaire(task.questionnaire, { office: task.questionnaire.office, regency }, say)
  if ('survey' in task) {
    const { survey: report, suggestions, head } = task
    return describeSurveyLetter({ report, suggestions, head }, { office: report.office, regency }, say)
  }
  return describeLetter(task.report, { office: task.report.office, regency }, task.head, say)
}

async function set(task: PdfTask): Promise<void> {
  const pdf = await makePdf(describe(task, openCatalogues().speak(task.language)))
  parentPort?.postMessage(new Uint8Array(pdf))
}

// What it throws ends this thread, and the other side hears of it.
void set(workerData as PdfTask)
