import { join, sep } from 'node:path'
import pdfmake from 'pdfmake'
import type { TDocumentDefinitions, TDocumentInformation } from 'pdfmake/interfaces.js'
import { packageFolder } from '../program-files.ts'

const fonts = join(packageFolder('@fontsource/plus-jakarta-sans'), 'files')
const font = (weight: number): string => join(fonts, `plus-jakarta-sans-latin-${weight}-normal.woff`)

pdfmake.setFonts({ Jakarta: { normal: font(400), bold: font(700) } })
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy((path) => path.startsWith(fonts + sep))

/**
 * Sets a document in the house's font as PDF/A-2b (ISO 19005-2), which archives keep. `language`: as BCP 47 names it. It
 * takes a second on a small box, so not where somebody waits.
 */
export function makePdf(document: TDocumentDefinitions, language = 'id-ID'): Promise<Buffer> {
  const { info = {}, ...rest } = document
  return pdfmake
    .createPdf({ version: '1.7', subset: 'PDF/A-2b', language, displayTitle: true, info: inXml(info), ...rest })
    .getBuffer()
}

/** What pdfkit writes into the document's XML as it is, and once more beside it, where it has to be the same. */
const inXml = (info: TDocumentInformation): TDocumentInformation =>
  Object.fromEntries(
    Object.entries(info).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replaceAll('&', '+').replaceAll(/[<>]/g, ' ') : value,
    ]),
  )
