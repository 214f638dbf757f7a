import { parentPort, workerData } from 'node:worker_threads'
import { openCatalogues } from '../base/messages/catalogues.ts'
import type { Office } from '../base/web/office-view.ts'
import { describeLetter } from './letter.ts'
import { makePdf } from './make-pdf.ts'
import { describeQuestionnaire } from './questionnaire.ts'
import type { ReportView } from './views.ts'

/* The worker's side: sets one document and ends. Setting takes a second on a small box, in which the desk must not wait. */

export type PdfTask = { language: string } & (
  | { report: ReportView; head: string | null }
  | { questionnaire: { office: Office; services: string[] } }
)

async function set(task: PdfTask): Promise<void> {
  const say = openCatalogues().speak(task.language)
  const pdf = await makePdf(
    'report' in task ? describeLetter(task.report, task.head, say) : describeQuestionnaire(task.questionnaire, say),
  )
  parentPort?.postMessage(new Uint8Array(pdf))
}

// What it throws ends this thread, and the other side hears of it.
void set(workerData as PdfTask)
