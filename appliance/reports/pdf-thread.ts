import { parentPort, workerData } from 'node:worker_threads'
import { openCatalogues } from '../pages/messages/catalogues.ts'
import { describeLetter } from './letter.ts'
import { makePdf } from './make-pdf.ts'
import type { ReportView } from './views.ts'

/* The worker's side: sets one report and ends. Setting takes a second on a small box, in which the desk must not wait. */

export type PdfTask = { report: ReportView; head: string | null; language: string }

const { report, head, language } = workerData as PdfTask
const pdf = await makePdf(describeLetter(report, head, openCatalogues().speak(language)))
parentPort?.postMessage(new Uint8Array(pdf))
