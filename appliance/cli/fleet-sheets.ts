import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fleet } from '../../provisioning/fleet/fleet.ts'
import { readRecoveryKey } from '../../provisioning/fleet/recovery.ts'
import { describeRecoverySheets } from '../../provisioning/fleet/recovery-sheets.ts'
import { describeSheets } from '../../provisioning/fleet/sheets.ts'
import { wordsOf } from '../backup/words.ts'
import { defaultLanguage, openCatalogues } from '../base/messages/catalogues.ts'
import { makePdf } from '../reports/make-pdf.ts'
import { readEnrolment } from '../wire/enrolment.ts'

/* What `balai fleet` prints on paper, into `villages` of the fleet folder. */

/** A page for each village, in the order of the list. */
export async function printSheets({ folder }: Fleet, villages: readonly string[], name = 'sheets.pdf'): Promise<void> {
  const files = [...villages].sort().flatMap((village) => {
    const text = readFileSync(join(folder, 'villages', `balai-enrol-${village}.json`), 'utf8')
    return readEnrolment(text, 0).file ?? []
  })
  const pdf = await makePdf(describeSheets(files, openCatalogues().speak(defaultLanguage)))
  writeFileSync(join(folder, 'villages', name), pdf)
}

/** The pages for the villages' safes: secret, and to be handed over and deleted. */
export async function printRecovery({ folder }: Fleet, villages: readonly string[], name: string): Promise<void> {
  const safes: Parameters<typeof describeRecoverySheets>[0][number][] = []
  for (const village of [...villages].sort()) {
    const file = readEnrolment(readFileSync(join(folder, 'villages', `balai-enrol-${village}.json`), 'utf8'), 0).file
    const key = readRecoveryKey(folder, village)
    if (file?.recovery && key) safes.push({ ...file, key, words: await wordsOf(key) })
  }
  if (safes.length === 0) return
  const pdf = await makePdf(describeRecoverySheets(safes, openCatalogues().speak(defaultLanguage)))
  writeFileSync(join(folder, 'villages', name), pdf, { mode: 0o600 })
  process.stdout.write(
    `${folder}/villages/${name}: the words that open a village's sealed backups, a page for each\nvillage's safe. Print it, hand it over, delete it.\n`,
  )
}
