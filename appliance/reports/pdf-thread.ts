import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import pdfmake from 'pdfmake'
import { openCatalogues } from '../pages/messages/catalogues.ts'
import { describeLetter } from './letter.ts'
import type { ReportView } from './views.ts'

/* The worker's side: sets one report and ends. Setting takes a second on a small box, in which the desk must not wait. */

export type PdfTask = { report: ReportView; head: string | null; language: string }

const fonts = join(
  dirname(createRequire(import.meta.url).resolve('@fontsource/plus-jakarta-sans/package.json')),
  'files',
)
const font = (weight: number): string => join(fonts, `plus-jakarta-sans-latin-${weight}-normal.woff`)

pdfmake.setFonts({ Jakarta: { normal: font(400), bold: font(700) } })
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy((path) => path.startsWith(fonts + sep))

const { report, head, language } = workerData as PdfTask
const pdf = await pdfmake.createPdf(describeLetter(report, head, openCatalogues().speak(language))).getBuffer()
parentPort?.postMessage(new Uint8Array(pdf))
