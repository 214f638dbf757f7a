import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseLetterCode, signLetter, verifyLetter } from '../../appliance/wire/letter-code.ts'
import { publicKeyOf } from '../../appliance/wire/sign.ts'
import { judgeRegister, openWriting, writeLetters } from '../../testing/write-letters.ts'
import type { Bench } from '../run.ts'
import { createRandom } from '../simulate/random.ts'
import { printTable, quantile, round } from '../statistics.ts'

const quiet = 500
const disturbed = 1_500
const kills = 30
const papers = 20
const checks = 500

/**
 * Letters of four clerks at once, each written and approved over HTTP: a second without disturbance, then with the box
 * killed 30 times; what the register has against what was confirmed. `pdfMs`: a letter as PDF, as its link asks for it;
 * `verifyMs`: reading a code and checking its signature.
 */
export const bench: Bench = {
  name: 'letters',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'balai-bench-letters-'))
    const random = createRandom(2_126)
    const writing = await openWriting(folder)
    try {
      const began = performance.now()
      const confirmed = await writeLetters(writing, { count: quiet, kills: 0, random })
      const issuedPerSecond = (quiet * 1_000) / (performance.now() - began)
      const pdf = await timePapers(writing, [...confirmed.keys()].slice(0, papers))
      for (const [letter, written] of await writeLetters(writing, { count: disturbed, kills, random }))
        confirmed.set(letter, written)
      await writing.box.pause()
      const { issued, gaps, doubled, lost } = judgeRegister(folder, confirmed)
      const verify = timeChecks()
      printTable([
        ['letters', 'a second', 'PDF ms', 'check ms', 'kills', 'gaps', 'doubled', 'lost'],
        [issued, round(issuedPerSecond), round(pdf), round(verify), kills, gaps, doubled, lost],
      ])
      const figures = { issuedPerSecond: round(issuedPerSecond), pdfMs: round(pdf), verifyMs: round(verify) }
      return { ...figures, gaps, doubled, lost }
    } finally {
      await writing.box.pause()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function timePapers(
  { desks }: Awaited<ReturnType<typeof openWriting>>,
  letters: readonly string[],
): Promise<number> {
  const times: number[] = []
  for (const letter of letters) {
    const began = performance.now()
    const { status, bytes } = (await desks[0]?.clerk.download(`/api/letters/${letter}/letter.pdf`)) ?? {
      status: 0,
      bytes: '',
    }
    if (status !== 200 || bytes.length < 1_000) throw new Error(`A letter was not printed: ${status}.`)
    times.push(performance.now() - began)
  }
  return quantile(times, 0.5)
}

function timeChecks(): number {
  const { privateKey } = generateKeyPairSync('ed25519')
  const publicKey = publicKeyOf(privateKey)
  const statement = { village: '3510242008', letter: 'abcdefghijkl', day: '2026-11-23', template: 'keterangan-usaha' }
  const rest = { number: '500.2/001/2008/XI/2026', content: '00'.repeat(16), name: '00'.repeat(6) }
  const code = signLetter(privateKey, { ...statement, ...rest })
  const times = Array.from({ length: checks }, () => {
    const began = performance.now()
    const read = parseLetterCode(code)
    if (!read || !verifyLetter(publicKey, read)) throw new Error('A code that was just signed is not true.')
    return performance.now() - began
  })
  return quantile(times, 0.5)
}
