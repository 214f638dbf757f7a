import type { Say } from '../base/messages/catalogues.ts'
import { makePdf } from '../base/pdf/make-pdf.ts'
import { describeLetter, fontSizesFor, type LetterTask } from './letter-paper.ts'

/** A letter as PDF, on one page where any letters that can be read make it one. */
export async function setLetter(task: LetterTask, say: Say): Promise<Buffer> {
  const sizes = fontSizesFor(task.letter)
  for (const size of sizes.slice(0, -1)) {
    const pdf = await makePdf(describeLetter(task, say, size), say.locale)
    if (countPages(pdf) === 1) return pdf
  }
  return await makePdf(describeLetter(task, say, sizes.at(-1)), say.locale)
}

const countPages = (pdf: Buffer): number => pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0
