import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makePdf } from '../appliance/base/pdf/make-pdf.ts'

/** A page with these words as JPEG, A4 at so many dots an inch: 90 are 744 × 1,053 points. For tests only. */
export async function makeJpeg(words: string, dotsPerInch = 90): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'balai-jpeg-'))
  const path = join(folder, 'page')
  try {
    writeFileSync(`${path}.pdf`, await makePdf({ defaultStyle: { font: 'Jakarta', fontSize: 24 }, content: [words] }))
    execFileSync('pdftoppm', ['-jpeg', '-r', String(dotsPerInch), '-singlefile', `${path}.pdf`, path])
    return readFileSync(`${path}.jpg`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
