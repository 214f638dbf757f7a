import { expect, test } from 'vitest'
import { openCatalogues } from '../../appliance/pages/messages/catalogues.ts'
import { makePdf } from '../../appliance/reports/make-pdf.ts'
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
