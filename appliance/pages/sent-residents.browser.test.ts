import { afterAll, beforeAll, expect, test } from 'vitest'
import { residentSheet } from '../../testing/bring-residents.ts'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { type BrowserOffice, logIn, openBrowserOffice, shows } from '../../testing/browser-office.ts'
import { giveDataset, regencyKey } from '../../testing/give-dataset.ts'
import { testPin, testVillage } from '../../testing/test-box.ts'
import { makeResidents } from '../cli/demo-residents.ts'
import type { PersonFields } from '../residents/person.ts'
import { recipientOfBox } from '../wire/box-recipient.ts'
import { sealResidents } from '../wire/sealed-residents.ts'

/* Residents that the regency has sent, in a real browser: they wait, somebody uses them, the next ones need nobody. */

const sizes = [
  { width: 360, height: 800 },
  { width: 1280, height: 1024 },
  { width: 1366, height: 641 },
  { width: 1920, height: 1080 },
]
let place: BrowserOffice
beforeAll(async () => {
  place = await openBrowserOffice({ box: { hubKey: regencyKey } })
  const technician = { as: 'technician', actor: place.office().technician, key: null } as const
  await place.box.people.addAccount({ ...technician, name: 'Sekretaris', role: 'secretary', pin: testPin })
})
afterAll(() => place?.close())

async function give(version: number, people: readonly PersonFields[]): Promise<void> {
  const { box } = place
  const head = { village: testVillage, source: 'tamansari-2026.xlsx', asOf: '2026-11-01', mark: null }
  const recipient = recipientOfBox(box.identity.publicKey)
  const sealed = await sealResidents(head, Buffer.from(residentSheet(people)), recipient)
  giveDataset(box, 'residents', { sealed: sealed.toString('base64') }, { version })
  box.imports.look()
  await box.imports.whenLooked()
}

test('what waits is said at the desk and on the page, and is used like a file; what is clear stands in the list by itself', async () => {
  const people: PersonFields[] = makeResidents({ seed: 5, count: 60, village: testVillage })
  people[20] = { ...people[20], nik: '351024' }
  await give(1, people)
  const desk = await place.open('/desk')
  await logIn(desk, 'Petugas 1')
  await shows(desk, 'Data penduduk dari kabupaten menunggu')
  await takePictures(desk, 'sent-residents-desk', sizes)

  const page = await place.open('/residents')
  await logIn(page, 'Sekretaris')
  const tab = page.getByRole('button', { name: 'Impor menunggu' })
  await tab.click()
  await shows(page, 'Dikirim kabupaten. Ada baris yang ditolak')
  await shows(page, 'Baris 22')
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'sent-residents-waiting', sizes)
  await page.getByRole('button', { name: /^Pakai: / }).click()
  await shows(page, 'Yang sudah dipakai')
  await tab.waitFor({ state: 'detached' })

  const more = makeResidents({ seed: 5, count: 60, village: testVillage }).filter(({ nik }) => nik !== undefined)
  await give(
    2,
    more.slice(0, 5).map((person) => ({ ...person, motherName: 'MUINAH' })),
  )
  await shows(page, /oleh kabupaten/)
  await page.waitForFunction(() => document.querySelectorAll('.past > li').length === 2)
  expect(await findViolations(page)).toEqual([])
  await takePictures(page, 'sent-residents-past', sizes)
  expect(place.faults).toEqual([])
}, 120_000)
