import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { signerOf, signNotice } from '../../appliance/wire/notice-signature.ts'
import { askAsAgency, openAgencyPage, publishAgencies, typeAgency, typeAtHub } from '../../testing/agencies.ts'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { findViolations, takePictures } from '../../testing/browser.ts'
import { shows } from '../../testing/browser-office.ts'
import { type HubAndBoxes, openHubAndBoxes } from '../../testing/hub-and-boxes.ts'
import { until } from '../../testing/hub-parts.ts'
import { furnish } from '../../testing/test-box.ts'

/* An application on its way to an agency, which alone reads whose it is, and back to the citizen's page. */

const village = '3510012001'
const born = '3510012002'
const folder = mkdtempSync(join(tmpdir(), 'balai-agency-'))
let place: HubAndBoxes
beforeAll(async () => {
  place = await openHubAndBoxes('agency', [village, born])
}, 30_000)
afterEach(() => place.closeOpened())
afterAll(async () => {
  await place.close()
  rmSync(folder, { recursive: true })
})

test('a birth that a hospital tells of becomes a certificate case at the right village, read by nobody between', async () => {
  const logs: string[] = []
  const toLogs = (line: string) => void logs.push(line)
  const hub = await place.openReadyHub([], pino({ level: 'trace' }, { write: toLogs }))
  const heard = await place.hearAll()
  const box = await place.openOffice(born, { onLog: toLogs })
  await furnish(box)
  await bringResidents(box, residentSheet([{ name: 'WAGIYEM', nik: '3510014107850002', sex: 2 }]), {
    actor: 'secretary-000',
  })
  await until(() => box.relay.view().sentAsOf !== null)

  const type = typeAtHub(hub)
  const reader = (await type('agency', 'dinas-kesehatan')).trim()
  const token = (await type('agency', 'rsud-blambangan', 'notify')).trim()
  await expect(type('agency', 'rsud-blambangan', 'perhaps')).rejects.toThrow('allowed: notify, off')
  const ask = askAsAgency(hub)
  const wrong = { village: born, notice: 'aaaaaaaaaaaa', kind: 'birth', from: 'RSUD', sealed: 'QUFB' }
  expect(await ask(reader, 'notices', wrong)).toMatchObject({ status: 403, body: { code: 'agency.may-not-notify' } })
  expect(await ask(token, 'notices', { ...wrong, village: '3510019999' })).toMatchObject({
    ...{ status: expect.any(Number), body: { code: 'places.nowhere' } },
  })

  // The hospital has published by which key it signs: its token alone tells nothing any more.
  const key = join(folder, 'rsud.key')
  await typeAgency('key', '--out', key)
  const signer = (await typeAgency('signer', '--key', key)).out.trim()
  await publishAgencies(place, hub, box, [{ code: 'rsud-blambangan', name: 'RSUD Blambangan', signer }])
  expect(await ask(token, 'notices', wrong)).toMatchObject({ status: 403, body: { code: 'agency.not-signed' } })
  const secret = readFileSync(key, 'utf8').trim()
  const signed = (notice: typeof wrong) => ({ ...notice, signature: signNotice(signerOf(secret), notice) })

  const { page, faults } = await openAgencyPage(place, hub)
  await page.getByLabel('Kode akses').fill(token)
  await page.getByRole('button', { name: 'Buka' }).click()
  await shows(page, 'Pilih berkas kuncinya dulu.')
  await page.locator('input[type=file]').setInputFiles(key)
  await page.getByRole('button', { name: 'Buka' }).click()
  await page.getByRole('button', { name: 'Beri tahu kelahiran' }).click()
  await page.getByLabel('Pengirim, seperti dibaca desa').fill('RSUD Blambangan')
  await page.getByLabel('Desa atau kelurahan keluarga').selectOption(born)
  await page.getByLabel('Nama ibu').fill('WAGIYEM')
  await page.getByLabel('NIK ibu').fill('3510014107850002')
  await page.getByLabel('Nama ayah').fill('SUPARMAN')
  await page.getByLabel('Jenis kelamin').selectOption({ label: 'Laki-laki' })
  await page.getByLabel('Berat (gram)').fill('3200')
  await page.getByLabel('Tanggal lahir').fill('2026-11-22')
  await page.getByLabel('Jam').fill('04:10')
  await page.getByLabel('Tempat', { exact: true }).fill('RSUD Blambangan')
  await page.getByLabel('Nomor surat kelahiran').fill('474/RSUD/12')
  await takePictures(page, 'agency-birth', [
    { width: 360, height: 800 },
    { width: 1366, height: 641 },
  ])
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Kirim pemberitahuan' }).click()
  await shows(page, 'Terkirim ke Uji.')
  await hub.lookAtCommands()
  await until(() => box.cases.view().open.length === 1)
  const [found] = box.cases.view().open
  expect(found).toMatchObject({ title: 'Akta kelahiran', name: 'WAGIYEM', sender: 'RSUD Blambangan' })
  expect(found?.resident).toBe(box.residents.find('wagiyem')[0]?.resident)
  expect(box.commands.messages()).toMatchObject([{ from: 'RSUD Blambangan' }])
  expect(JSON.stringify(box.commands.messages())).not.toContain('WAGIYEM')

  // What cannot be opened is said to who told it; told twice it is one; nothing sealed stays where it was heard.
  const { rows } = await place.database.query<{ key: string }>("SELECT key FROM command_given WHERE type = 'notice'")
  const state = async (notice: string) => (await ask(token, `notices/${notice}`)).body.state
  await until(async () => (await state(rows[0]?.key ?? '')) === 'done')
  expect((await ask(token, 'notices', signed(wrong))).status).toBe(200)
  expect((await ask(token, 'notices', signed(wrong))).status).toBe(200)
  await hub.lookAtCommands()
  await until(async () => (await state('aaaaaaaaaaaa')) === 'refused')
  await ask(token, 'notices', signed({ ...wrong, notice: 'bbbbbbbbbbbb' }))
  const left = await place.database.query("SELECT key FROM command_given WHERE type = 'notice' AND data ? 'sealed'")
  expect(left.rows).toEqual([{ key: 'bbbbbbbbbbbb' }])
  expect(box.cases.view().open).toHaveLength(1)
  expect(faults).toEqual([])
  for (const planted of ['WAGIYEM', '3510014107850002', 'SUPARMAN', '474/RSUD/12'])
    expect([...heard, ...logs].join('\n')).not.toContain(planted)
}, 120_000)

test('goes sealed to the agency, opens with its key alone, is answered from its page, and nobody between has read it', async () => {
  const logs: string[] = []
  const toLogs = (line: string) => void logs.push(line)
  const hub = await place.openReadyHub([], pino({ level: 'trace' }, { write: toLogs }))
  const heard = await place.hearAll()

  const key = join(folder, 'disdukcapil.key')
  const made = await typeAgency('key', '--out', key)
  const recipient = made.out.trim()
  expect(recipient).toMatch(/^age1/)
  await expect(typeAgency('key', '--out', key)).rejects.toThrow('is there already')

  const box = await place.openOffice(village, { onLog: toLogs })
  const clerk = (await furnish(box)).clerks[0] ?? ''
  await bringResidents(
    box,
    residentSheet([{ name: 'SITI AMINAH', nik: '3510014107800001', sex: 2, birthDate: '1980-07-01' }]),
    { actor: 'secretary-000' },
  )
  const resident = box.residents.find('siti')[0]?.resident ?? ''
  await until(() => box.relay.view().sentAsOf !== null)
  await box.residents.open({ resident, as: 'clerk', reason: 'present', note: '', actor: clerk, key: null })
  await publishAgencies(place, hub, box, [{ code: 'disdukcapil', name: 'Dispendukcapil', recipient }])
  const papers = (box.cases.kinds(clerk).find(({ code }) => code === 'ktp-el')?.papers ?? []).map((name) => ({
    ...{ name, state: 'seen' as const, until: null },
  }))
  const id = await box.cases.open({ kind: 'ktp-el', resident, papers, actor: clerk, key: null })
  await box.cases.relay({ case: id, note: 'Rekam ulang jari', actor: clerk, key: null })

  // For engineers: a table without anybody in it, and the list with what only the agency opens.
  const action = typeAtHub(hub)
  await until(async () => (await action('cases', 'disdukcapil')).includes(id))
  const inbox = join(folder, 'inbox.jsonl')
  writeFileSync(inbox, await action('cases'))
  expect(readFileSync(inbox, 'utf8')).not.toMatch(/SITI|3510014107800001|Rekam/)
  expect(await action('cases', 'dinas-kesehatan')).toBe('')
  const opened = await typeAgency('open', '--key', key, inbox)
  expect(JSON.parse(opened.out)).toMatchObject({
    ...{ village, case: id, title: 'KTP elektronik', state: 'relayed' },
    private: { applicant: { name: 'SITI AMINAH', nik: '3510014107800001' }, note: 'Rekam ulang jari' },
  })
  const other = join(folder, 'other.key')
  await typeAgency('key', '--out', other)
  expect((await typeAgency('open', '--key', other, inbox)).out).toBe('')
  writeFileSync(join(folder, 'wrong.jsonl'), 'SITI\n')
  await expect(typeAgency('open', '--key', key, join(folder, 'wrong.jsonl'))).rejects.toThrow('line 1 is none of')

  // The page of the agency.
  const token = (await action('agency', 'disdukcapil')).trim()
  const elsewhere = (await action('agency', 'dinas-kesehatan')).trim()
  const base = `http://127.0.0.1:${hub.http.port}`
  const ask = (bearer: string, path = '/api/agency/cases', body?: object) =>
    fetch(base + path, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${bearer}`, 'x-balai': '1', 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  expect((await ask('nobody')).status).toBe(403)
  expect(((await (await ask(elsewhere)).json()) as { rows: unknown[] }).rows).toEqual([])
  const foreign = { village, case: id, state: 'done', text: '', key: 'aaaaaaaaaaaa' }
  expect((await ask(elsewhere, '/api/agency/cases/state', foreign)).status).toBe(404)
  const clear = { ...foreign, text: 'NIK 3510014107800001' }
  expect((await ask(token, '/api/agency/cases/state', clear)).status).toBe(400)

  const { page, faults } = await openAgencyPage(place, hub)
  const sizes = [
    { width: 360, height: 800 },
    { width: 1366, height: 641 },
  ]
  await page.getByLabel('Kode akses').fill('salah')
  await page.getByLabel('Berkas kunci').setInputFiles(inbox)
  await shows(page, 'Berkas itu bukan kunci instansi')
  await page.getByLabel('Berkas kunci').setInputFiles(key)
  await page.getByRole('button', { name: 'Buka' }).click()
  await shows(page, 'Kode akses itu tidak dikenal')
  await takePictures(page, 'agency-enter', sizes)
  expect(await findViolations(page)).toEqual([])
  await page.getByLabel('Kode akses').fill(token)
  await page.getByRole('button', { name: 'Buka' }).click()
  await shows(page, 'SITI AMINAH')
  await shows(page, 'Rekam ulang jari')
  await takePictures(page, 'agency-inbox', sizes)
  await page.getByRole('button', { name: 'Jawab' }).click()
  await page.getByLabel('Bagaimana keadaannya?').selectOption('papers')
  await page.getByLabel('Pesan untuk kantor desa dan warga').fill('Kartu Keluarga tidak terbaca.')
  await takePictures(page, 'agency-answer', sizes)
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('button', { name: 'Kirim' }).click()
  await hub.lookAtCommands()
  await until(() => box.cases.view().open[0]?.state === 'papers')
  expect(box.cases.view().open[0]?.text).toBe('Kartu Keluarga tidak terbaca.')
  expect(box.commands.messages()).toMatchObject([{ from: 'Dispendukcapil' }])
  await shows(page, 'minta berkas')

  // Sent again, it opens again; what the citizen was erased from opens no more.
  await box.cases.relay({ case: id, note: 'KK baru', actor: clerk, key: null })
  await until(async () => (await action('cases')).includes('"state":"relayed"'))
  await page.getByLabel('Juga yang sudah selesai').check()
  await shows(page, 'KK baru')
  await action('agency', 'disdukcapil', 'off')
  expect((await ask(token)).status).toBe(403)
  expect(faults).toEqual([])

  const rows = await place.database.query(
    'SELECT to_jsonb(c) AS row FROM citizen_case c WHERE agency IS NOT NULL AND relayed IS NOT NULL',
  )
  expect(rows.rows).toHaveLength(1)
  expect(heard.length).toBeGreaterThan(0)
  for (const planted of ['SITI', '3510014107800001', 'Rekam ulang'])
    expect([...heard, ...logs, JSON.stringify(rows.rows)].join('\n')).not.toContain(planted)
}, 120_000)
