import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { type HubAndBoxes, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { until } from '../../testing/hub-parts.ts'
import { furnish, type TestBox } from '../../testing/test-box.ts'

const [here, there] = ['3510012001', '3510012002'] as const
let place: HubAndBoxes
beforeAll(async () => {
  place = await openHubAndBoxes('letters', [here, there])
}, 30_000)
afterEach(() => place.closeOpened())
afterAll(() => place.close())

/** A head who writes a letter for the one resident and approves it; answers it. */
async function issueLetter(box: TestBox, head: string): Promise<{ letter: string; written: string; code: string }> {
  const resident = box.residents.find('siti')[0]?.resident ?? ''
  await box.residents.open({ resident, as: 'head', reason: 'present', note: '', actor: head, key: null })
  const signatory = box.letters.signatories()[0]?.signatory ?? ''
  const typed = { keperluan: 'Melamar pekerjaan' }
  const command = { actor: head, key: null }
  const letter = await box.letters.request({ template: 'pengantar-skck', resident, signatory, typed, ...command })
  const written = await box.letters.issue({ letter, as: 'head', ...command })
  return { letter, written, code: box.letters.paper(letter, head)?.code ?? '' }
}

test('a box says of another village’s letter whether it is true, by the list that the regency publishes', async () => {
  const hub = await place.openReadyHub()
  const one = await place.openOffice(here)
  await furnish(one)
  const head = await one.people.addAccount({
    as: 'head',
    name: 'Bu Kades',
    role: 'head',
    pin: '258014',
    actor: 'x',
    key: null,
  })
  await bringResidents(one, residentSheet([{ name: 'SITI AMINAH', nik: '3510014107800001' }]), {
    actor: 'secretary-000',
  })
  const [good, bad] = [await issueLetter(one, head), await issueLetter(one, head)]
  await one.letters.makeVoid({ letter: bad.letter, reason: 'Salah orang', actor: head, key: null })

  const other = await place.openOffice(there)
  expect(other.letters.check(good.code, '')).toMatchObject({ verdict: 'unknown', asOf: null })
  const rows = async () =>
    (
      await place.database.query<{ letter: string; written: string; void: boolean }>(
        'SELECT letter, written, voided_at IS NOT NULL AS void FROM letter WHERE village = $1 ORDER BY written',
        [here],
      )
    ).rows
  await until(async () => (await rows()).some((row) => row.void))
  expect(await rows()).toEqual([
    { letter: good.letter, written: good.written, void: false },
    { letter: bad.letter, written: bad.written, void: true },
  ])
  const publishList = async () => {
    await hub.lookAtLetters()
    await hub.lookAtOffers()
  }
  await publishList()
  await until(() => other.datasets.read('letters') !== null)
  expect(other.letters.check(good.code, 'siti aminah')).toMatchObject({
    ...{ verdict: 'signed', name: true, says: { village: here, number: good.written } },
    asOf: expect.stringMatching(/^\d{4}-/),
  })
  expect(other.letters.check(bad.code, '')).toMatchObject({
    verdict: 'void',
    voidedOn: expect.stringMatching(/^2\d{3}-/),
  })
  const changed = `${good.code.slice(0, 40)}${good.code[40] === 'A' ? 'B' : 'A'}${good.code.slice(41)}`
  expect(['false', 'unknown', 'unreadable']).toContain(other.letters.check(changed, '').verdict)

  // What a stolen box has signed before it was revoked stays true; what it signs afterwards is not.
  for (const [daysAgo, verdict] of [
    [2, 'false'],
    [0, 'signed'],
  ] as const) {
    await place.database.query('UPDATE signing_key SET revoked_at = NULL WHERE village = $1', [here])
    await publishList()
    await until(() => keysOf(other).every(({ until: end }) => end === undefined))
    await place.database.query(
      'UPDATE signing_key SET revoked_at = now() - make_interval(days => $2) WHERE village = $1',
      [here, daysAgo],
    )
    await publishList()
    await until(() => keysOf(other).some(({ until: end }) => end !== undefined))
    expect(other.letters.check(good.code, '').verdict, `revoked ${daysAgo} days ago`).toBe(verdict)
  }
})

const keysOf = (box: TestBox) => box.datasets.read('letters')?.keys.filter(({ village }) => village === here) ?? []

test('nothing that the regency keeps or publishes of letters names anybody', async () => {
  const { rows } = await place.database.query<{ all: string }>(
    `SELECT (SELECT coalesce(string_agg(l::text, ' '), '') FROM letter l) || ' '
       || (SELECT string_agg(data::text, ' ') FROM entry WHERE type LIKE 'letters.%') AS all`,
  )
  expect(rows[0]?.all).toContain('pengantar-skck')
  expect(rows[0]?.all).not.toMatch(/SITI|35100141|pekerjaan|Salah orang/)
})
