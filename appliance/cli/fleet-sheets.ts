import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fleet } from '../../provisioning/fleet/fleet.ts'
import { readRecoveryKey } from '../../provisioning/fleet/recovery.ts'
import { describeRecoverySheets } from '../../provisioning/fleet/recovery-sheets.ts'
import { readRegister, recordOf, saveRegister } from '../../provisioning/fleet/register.ts'
import { describeSheets } from '../../provisioning/fleet/sheets.ts'
import { recipientOf } from '../backup/recovery.ts'
import { readWords, wordsOf } from '../backup/words.ts'
import { AppError } from '../base/errors.ts'
import { defaultLanguage, openCatalogues } from '../base/messages/catalogues.ts'
import { makePdf } from '../base/pdf/make-pdf.ts'
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

/**
 * The pages for the villages' safes: secret, and to be handed over and deleted. Each is printed once: whoever holds the
 * fleet folder for an afternoon makes no sheet that nobody misses.
 */
export async function printRecovery({ folder }: Fleet, villages: readonly string[], name: string): Promise<void> {
  const register = readRegister(folder)
  const safes: Safe[] = []
  let before = 0
  for (const village of [...villages].sort()) {
    const safe = await readSafe(folder, village)
    if (!safe) continue
    const record = recordOf(register, village)
    if (record.recoverySheet === safe.recovery) before++
    else safes.push(safe)
    record.recoverySheet = safe.recovery
  }
  if (safes.length > 0) {
    await write(folder, name, safes)
    saveRegister(folder, register)
  }
  if (before > 0)
    process.stdout.write(
      `${before} ${before === 1 ? 'village has its recovery sheet' : 'villages have their recovery sheets'}. Another one is made with the first:\nbalai fleet recovery VILLAGE\n`,
    )
}

/** A second sheet, for whoever has the words of the first. Throws AppError `fleet.no-file`, `backup.words-…`. */
export async function printAgain({ folder }: Fleet, village: string, words: string): Promise<void> {
  const safe = await readSafe(folder, village)
  if (!safe)
    throw new AppError(
      'not-found',
      'fleet.no-file',
      `${village} has had no file here. Make one: balai fleet issue villages.csv`,
    )
  await readWords(words, async (key) => (await recipientOf(key)) === safe.recovery)
  await write(folder, `recovery-${village}.pdf`, [safe])
}

type Safe = Parameters<typeof describeRecoverySheets>[0][number] & { recovery: string }

async function readSafe(folder: string, village: string): Promise<Safe | null> {
  const path = join(folder, 'villages', `balai-enrol-${village}.json`)
  const file = existsSync(path) ? readEnrolment(readFileSync(path, 'utf8'), 0).file : null
  const key = readRecoveryKey(folder, village)
  return file?.recovery && key ? { ...file, recovery: file.recovery, key, words: await wordsOf(key) } : null
}

async function write(folder: string, name: string, safes: readonly Safe[]): Promise<void> {
  const pdf = await makePdf(describeRecoverySheets(safes, openCatalogues().speak(defaultLanguage)))
  writeFileSync(join(folder, 'villages', name), pdf, { mode: 0o600 })
  process.stdout.write(
    `${folder}/villages/${name}: the words that open a village's sealed backups and what\nit has sealed at the regency, a page for each village's safe. Print it, hand it\nover, delete it.\n`,
  )
}
