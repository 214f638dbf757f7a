import { parentPort, workerData } from 'node:worker_threads'
import type { TDocumentDefinitions } from 'pdfmake/interfaces.js'
import { openCatalogues, type Say } from './base/messages/catalogues.ts'
import { makePdf } from './base/pdf/make-pdf.ts'
import { describePoster, type PosterTask } from './cases/poster-paper.ts'
import { describeSlip, type SlipTask } from './claims/slip-paper.ts'
import { type CivilFormTask, describeForm } from './letters/civil-form-paper.ts'
import { type DispatchTask, describeDispatches } from './letters/dispatch-paper.ts'
import type { LetterTask } from './letters/letter-paper.ts'
import { describeRegister, type RegisterTask } from './letters/register-paper.ts'
import { setLetter } from './letters/set-letter.ts'
import { describeTestPage, type TestPageTask } from './print/test-page.ts'
import { describeReportTask, type ReportTask } from './reports/pdf-task.ts'
import { describeFigures, type FiguresTask } from './residents/figures-letter.ts'
import { describeTrail, type TrailTask } from './residents/trail-letter.ts'

/* The worker's side: sets one document and ends. Setting takes a second on a small box, in which the desk must not wait. */

type PdfTask = { language: string } & (
  | ReportTask
  | TrailTask
  | FiguresTask
  | LetterTask
  | RegisterTask
  | CivilFormTask
  | DispatchTask
  | SlipTask
  | PosterTask
  | TestPageTask
)

function describe(task: Exclude<PdfTask, LetterTask>, say: Say): TDocumentDefinitions {
  if ('poster' in task) return describePoster(task, say)
  if ('civilForm' in task) return describeForm(task, say)
  if ('dispatches' in task) return describeDispatches(task, say)
  if ('testPage' in task) return describeTestPage(task, say)
  if ('slip' in task) return describeSlip(task, say)
  if ('register' in task) return describeRegister(task, say)
  if ('trail' in task) return describeTrail(task, say)
  return 'figures' in task ? describeFigures(task, say) : describeReportTask(task, say)
}

async function set(task: PdfTask): Promise<void> {
  const say = openCatalogues().speak(task.language)
  const pdf = await ('letter' in task ? setLetter(task, say) : makePdf(describe(task, say), say.locale))
  parentPort?.postMessage(new Uint8Array(pdf))
}

// What it throws ends this thread, and the other side hears of it.
void set(workerData as PdfTask)
