import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bringResidents, residentSheet } from '../../testing/bring-residents.ts'
import { createTestClock, furnish, openTestBox } from '../../testing/test-box.ts'
import { openCatalogues } from '../base/messages/catalogues.ts'
import { makePdf } from '../base/pdf/make-pdf.ts'
import type { Person, PersonFields } from '../residents/person.ts'
import { fillForm } from './civil-form-content.ts'
import { describeForm } from './civil-form-paper.ts'
import { type CivilFormCode, civilFormCodes, civilFormFields } from './civil-forms.ts'
import { olderForms } from './older-forms.ts'

/* Forms of civil registration: who may fill one in, what it leaves behind, and what stands on the paper. */

const siti: Person = {
  ...{ name: 'SITI AMINAH', nik: '3510154107800001', kk: '3510150101100001', sex: 2, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '1980-07-01', address: 'JL MAWAR 3', hamlet: 'KRAJAN', rt: '002', rw: '001', religion: 1, work: 2 },
  ...{ marital: 2, citizenship: 1, fatherName: 'AHMAD', motherName: 'SUMIATI', education: 5, relation: 3, blood: 1 },
}
const budi: Person = { ...siti, name: 'BUDI SANTOSO', nik: '3510150101780002', sex: 1, relation: 1 }
const rizky: Person = { ...siti, name: 'RIZKY RAMADHAN', nik: '3510150508180003', sex: 1, relation: 4 }

/** Something for each field, as a clerk types it; texts are told apart by their names. */
const fillIn = (code: CivilFormCode): Record<string, string> =>
  Object.fromEntries(
    civilFormFields[code].map(({ name, kind, options = [] }): [string, string] => {
      if (kind === 'choice') return [name, options[1] ?? '']
      if (kind === 'marks') return [name, options.slice(0, 3).join('\n')]
      const typed = { text: `isian ${name}`, day: '2026-11-01', number: '2', family: '', sixteen: '3510150101500009' }
      return [name, typed[kind]]
    }),
  )

describe('a form', () => {
  let box: Awaited<ReturnType<typeof openTestBox>>
  let system: ReturnType<typeof createTestClock>
  let clerks: readonly string[]
  let ids: Record<string, string>

  beforeEach(async () => {
    system = createTestClock()
    box = await openTestBox({ system })
    clerks = (await furnish(box)).clerks
    await bringResidents(box, residentSheet([siti, budi, rizky] as PersonFields[]), { actor: 'secretary-000' })
    const idOf = (name: string) => box.residents.find(name)[0]?.resident ?? ''
    ids = { siti: idOf('siti'), budi: idOf('budi'), rizky: idOf('rizky') }
    await open('siti')
  })
  afterEach(() => box.remove())

  const clerk = () => clerks[0] ?? ''
  const open = (who: string) =>
    box.residents.open({
      resident: ids[who] ?? '',
      as: 'clerk',
      reason: 'present',
      note: '',
      actor: clerk(),
      key: null,
    })
  const make = (code: string, typed: Record<string, string> = {}, key: string | null = null) =>
    box.letters.makeForm({ code, resident: ids.siti ?? '', typed, actor: clerk(), key })
  const textOf = (form: string) => JSON.stringify(box.letters.formPaper(form, clerk()).civilForm)
  const opened = (who: string) =>
    box.store.db.prepare('SELECT actor, reason FROM resident_opened WHERE resident = ?').all(ids[who])

  test('is filled from the record, the family card and what was typed; each of the family has a trace of it', () => {
    const { form } = make('f-1-01', { telepon: '0812 3456 7890' })
    const text = textOf(form)
    for (const word of [
      'SITI AMINAH',
      'BUDI SANTOSO',
      'RIZKY RAMADHAN',
      '3510150508180003',
      '0812 3456 7890',
      '3 orang',
    ])
      expect(text).toContain(word)
    for (const who of ['budi', 'rizky']) expect(opened(who)).toEqual([{ actor: clerk(), reason: 'letter' }])
    expect(opened('siti')).toHaveLength(1)
  })

  test('has of the family only those who were marked', () => {
    const { form } = make('f-1-03', { ...fillIn('f-1-03'), ikut: ids.rizky ?? '' })
    expect(textOf(form)).toContain('RIZKY RAMADHAN')
    expect(textOf(form)).not.toContain('BUDI')
    expect(opened('rizky')).toEqual([{ actor: clerk(), reason: 'letter' }])
    expect(opened('budi')).toEqual([])
  })

  test('is for who has the record open and has filled it in; opened when that is over, it leaves a trace', () => {
    expect(() =>
      box.letters.makeForm({ code: 'f-1-02', resident: ids.budi ?? '', typed: {}, actor: clerk(), key: null }),
    ).toThrow(expect.objectContaining({ code: 'residents.not-open' }))
    const { form } = make('f-1-02', {})
    expect(() => box.letters.formPaper(form, clerks[1] ?? '')).toThrow(
      expect.objectContaining({ code: 'letters.form-gone' }),
    )
    system.advance(10 * 60_000)
    expect(textOf(form)).toContain('SITI AMINAH')
    expect(opened('siti')).toHaveLength(1)
  })

  test('is gone after a quarter of an hour, and with who is erased', async () => {
    const { form } = make('f-1-02')
    system.advance(16 * 60_000)
    expect(() => box.letters.formPaper(form, clerk())).toThrow(expect.objectContaining({ code: 'letters.form-gone' }))
    const { form: other } = make('f-1-02')
    box.store.write((tx) => box.letters.forget(tx, { residents: new Set([ids.siti ?? '']) }))
    expect(() => box.letters.formPaper(other, clerk())).toThrow(expect.objectContaining({ code: 'letters.form-gone' }))
  })

  test('repeated with its key it is the same one, with one trace', () => {
    const [one, two] = [make('f-1-01', {}, 'abcdefghijkl'), make('f-1-01', {}, 'abcdefghijkl')]
    expect(one).toEqual(two)
    expect(opened('budi')).toHaveLength(1)
  })

  test.each([
    ['f-9-99', {}, 'letters.unknown-form', undefined],
    ['f-1-03', { klasifikasi: 'Antar provinsi' }, 'letters.field-needed', 'tujuan'],
    ['f-1-03', { klasifikasi: 'ke bulan' }, 'letters.wrong-field', 'klasifikasi'],
    ['f-1-02', { syarat: 'KK lama atau rusak\nSurat cinta' }, 'letters.wrong-field', 'syarat'],
    ['f-2-01-mati', { ...fillIn('f-2-01-mati'), pelapor_nik: '351015' }, 'letters.wrong-field', 'pelapor_nik'],
    ['f-2-01-mati', { ...fillIn('f-2-01-mati'), tanggal: '2026-02-30' }, 'letters.wrong-field', 'tanggal'],
    ['f-1-01', { telepon: 'x'.repeat(201) }, 'letters.wrong-field', 'telepon'],
  ])('%s with %j is refused: %s', (code, typed, refusal, field) => {
    expect(() => make(code, typed as Record<string, string>)).toThrow(
      expect.objectContaining({ code: refusal, ...(field ? { details: expect.objectContaining({ field }) } : {}) }),
    )
  })

  test('a child has one mother and one father, each in their place', () => {
    const birth = fillIn('f-2-01-lahir')
    const { form } = make('f-2-01-lahir', { ...birth, pasangan: ids.budi ?? '' })
    expect(textOf(form)).toMatch(/"Nama ayah","BUDI SANTOSO".*"Nama ibu","SITI AMINAH"/)
    expect(() => make('f-2-01-lahir', { ...birth, pasangan: `${ids.budi} ${ids.rizky}` })).toThrow(
      expect.objectContaining({ code: 'letters.form-parent' }),
    )
  })

  test('names nobody in the journal but in nobody’s clear part', () => {
    make('f-1-01', { telepon: '081234567890' })
    const entries = box.journal.readBehind(box.journal.head().epoch, 0, 1_000)
    const own = entries.filter(({ type }) => type === 'letters.form-filled')
    expect(own).toHaveLength(1)
    expect(JSON.stringify(own)).not.toMatch(/SITI|BUDI|0812|35101541/)
  })
})

describe('the paper', () => {
  const folder = mkdtempSync(join(tmpdir(), 'balai-forms-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const say = openCatalogues().speak('id')
  const issuer = { name: 'Desa Tamansari', district: 'Licin', regency: 'Kabupaten Banyuwangi' }
  const squeeze = (text: string): string => text.replaceAll(/\s+/g, '')

  async function print(code: CivilFormCode, person: Person, family: readonly Person[], paper: 'F4' | 'A4') {
    const form = fillForm({
      code,
      person,
      family,
      typed: fillIn(code),
      issuer,
      village: '3510242008',
      day: '2026-11-23',
    })
    const path = join(folder, 'form.pdf')
    writeFileSync(path, await makePdf(describeForm({ civilForm: form, paper }, say)))
    const info = execFileSync('pdfinfo', [path], { encoding: 'utf8' })
    return {
      form,
      text: execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' }),
      boxes: execFileSync('pdftotext', ['-bbox', path, '-'], { encoding: 'utf8' }),
      pages: Number(/Pages:\s+(\d+)/.exec(info)?.[1]),
    }
  }

  test.each([
    ['f-1-25', 'Dalam satu desa/kelurahan', 'F-1.23', 'Camat Licin'],
    ['f-1-25', 'Antar provinsi', 'F-1.34', 'Camat Licin'],
    ['f-1-27', 'Antar kecamatan dalam satu kabupaten/kota', 'F-1.31', 'Kepala Desa Tamansari'],
    ['f-1-27', 'Antar provinsi', 'F-1.39', 'Camat Licin'],
  ] as const)('%s, %s, is %s, and %s signs it', (code, klasifikasi, number, signs) => {
    const typed = { ...fillIn(code), klasifikasi }
    const form = fillForm({ code, person: siti, family: [], typed, issuer, village: '3510242008', day: '2026-11-23' })
    expect(form.number).toBe(number)
    expect(form.signatures.map(({ above }) => above)).toContain(signs)
  })

  describe.each(civilFormCodes)('of %s', (code) => {
    const family = code === 'f-2-01-lahir' ? [budi] : [budi, rizky]

    test.each(['F4', 'A4'] as const)(
      'has on %s every word of it, and says that its layout is not verified',
      async (paper) => {
        const { form, text, pages } = await print(code, siti, family, paper)
        const all = squeeze(text)
        // What is asked for where another thing was said does not stand there.
        const left = code === 'f-2-01-lahir' ? /^isian (lainnya_|pasangan_)/ : /^isian lainnya_/
        const typed = Object.values(fillIn(code)).filter((one) => one.startsWith('isian') && !left.test(one))
        const said = form.sections.flatMap((section) => {
          if ('lines' in section) return section.lines.flat()
          return 'choice' in section ? section.choice : []
        })
        for (const word of [...typed, ...said].flatMap((one) => one.split(' '))) expect(all).toContain(word)
        for (const word of [
          form.number,
          'SITIAMINAH',
          code in olderForms ? 'Permendagri19/2010' : 'Permendagri109/2019',
          'Tamansari,23November2026',
        ])
          expect(all).toContain(word)
        expect(pages).toBeLessThanOrEqual(2)
      },
    )

    test('holds names of a hundred letters and fourteen of a family: nothing stands beside the page', async () => {
      const long =
        'RADEN AYU KANJENG SITI NURHALIZA KUSUMANINGRUM WIDYASTUTI HADININGRAT PANGESTU LESTARI MAHARANI PUTRI'.slice(
          0,
          100,
        )
      const one = {
        ...siti,
        fatherName: long,
        motherName: 'W'.repeat(100),
        birthPlace: long,
        divorceCertificate: 'X'.repeat(60),
      }
      const many = Array.from({ length: 13 }, (_, n) => ({
        ...one,
        name: n % 2 ? long : 'M'.repeat(100),
        sex: 1,
        relation: n ? 4 : 1,
      }))
      const { boxes, pages } = await print(
        code,
        { ...one, name: long },
        code === 'f-2-01-lahir' ? many.slice(0, 1) : many,
        'A4',
      )
      const width = Number(/<page width="([\d.]+)"/.exec(boxes)?.[1])
      const right = Math.max(...[...boxes.matchAll(/xMax="([\d.]+)"/g)].map(([, x]) => Number(x)))
      expect(right).toBeLessThan(width - 20)
      expect(squeeze(boxes.replaceAll(/<[^>]+>/g, ''))).toContain('KUSUMANINGRUM')
      expect(pages).toBeLessThanOrEqual(7)
    })
  })
})
