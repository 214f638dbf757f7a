import { expect, test } from 'vitest'
import { makeRecoveryKey } from '../../appliance/backup/recovery.ts'
import { wordsOf } from '../../appliance/backup/words.ts'
import { openCatalogues } from '../../appliance/base/messages/catalogues.ts'
import { makePdf } from '../../appliance/base/pdf/make-pdf.ts'
import { describeRecoverySheets } from './recovery-sheets.ts'
import { describeSheets } from './sheets.ts'

const office = {
  regency: 'Kabupaten Banyuwangi',
  village: '3510242008',
  name: 'Desa Tamansari',
  district: 'Licin',
  zone: 'WIB',
  expiresAt: Date.UTC(2026, 11, 24),
} as const

test.each(openCatalogues().languages())(
  'in %s a new office gets the steps of a new box, a reissued one those of a swap, each on one page',
  async (language) => {
    const say = openCatalogues().speak(language)
    const fresh = JSON.stringify(describeSheets([office], say))
    const swap = JSON.stringify(describeSheets([{ ...office, reissue: true }], say))
    expect(fresh).not.toMatch(/sheet\./)
    expect(swap).not.toMatch(/sheet\./)
    expect(swap).toContain(say('sheet.step-swap-stick').slice(0, 30))
    expect(fresh).not.toContain(say('sheet.step-swap-stick').slice(0, 30))
    const pdf = (await makePdf(describeSheets([{ ...office, reissue: true }], say))).toString('latin1')
    expect(pdf.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(1)
  },
)

test.each(openCatalogues().languages())(
  'in %s the page for a safe has every word with its number and the key, and is one page for each village',
  async (language) => {
    const say = openCatalogues().speak(language)
    const key = makeRecoveryKey()
    const words = await wordsOf(key)
    const sheets = describeRecoverySheets(
      [
        { ...office, words, key },
        { ...office, words, key },
      ],
      say,
    )
    const text = JSON.stringify(sheets)
    expect(text).not.toMatch(/"sheet\./)
    for (const [at, word] of words.entries()) {
      expect(text).toContain(`"text":"${at + 1}  "`)
      expect(text).toContain(`"${word}"`)
    }
    expect(text).toContain(`"qr":"${key}"`)
    const pdf = (await makePdf(sheets)).toString('latin1')
    expect(pdf.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(2)
  },
)
