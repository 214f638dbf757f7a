import { join, sep } from 'node:path'
import pdfmake from 'pdfmake'
import type { TDocumentDefinitions } from 'pdfmake/interfaces.js'
import { packageFolder } from '../program-files.ts'

const fonts = join(packageFolder('@fontsource/plus-jakarta-sans'), 'files')
const font = (weight: number): string => join(fonts, `plus-jakarta-sans-latin-${weight}-normal.woff`)

pdfmake.setFonts({ Jakarta: { normal: font(400), bold: font(700) } })
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy((path) => path.startsWith(fonts + sep))

/** Sets a document in the house's font. It takes a second on a small box, so not where somebody waits. */
export const makePdf = (document: TDocumentDefinitions): Promise<Buffer> => pdfmake.createPdf(document).getBuffer()
