import { describe, expect, test } from 'vitest'
import { fillIn, onPaper } from '../../testing/fill-letter.ts'
import type { Person } from '../residents/person.ts'
import type { Template } from '../wire/letter-template.ts'
import { findTemplateProblems } from '../wire/letter-template-problems.ts'
import { fillTemplate } from './content.ts'
import { parseTemplate } from './template.ts'
import { readTemplates } from './templates.ts'
import { readTyped } from './typed-fields.ts'
import { letterValues, personValues } from './values.ts'

const person: Person = {
  ...{ name: 'SITI AMINAH', nik: '3510154107800001', kk: '3510150101100001', sex: 2, birthPlace: 'BANYUWANGI' },
  ...{ birthDate: '1980-07-01', address: 'Jl. Raya 1', hamlet: 'KRAJAN', rt: '002', rw: '001', religion: 1, work: 2 },
  ...{ marital: 2, citizenship: 1, fatherName: 'AHMAD', motherName: 'SUMIATI', education: 5, relation: 3, blood: 1 },
}
const fill = (template: Template, typed: Record<string, string>, family: Person[] = []) =>
  fillTemplate(
    template,
    letterValues({
      person,
      issuer: { name: 'Desa Tamansari', district: 'Licin', regency: 'Kabupaten Banyuwangi' },
      signer: { title: 'Kepala Desa Tamansari', name: 'Bu Kades' },
      ...{ day: '2026-11-23', validDays: template.validDays, fields: template.fields, typed, family },
    }),
    family.map((one) => personValues(one, '2026-11-23')),
  )

describe.each(readTemplates().all())('$title', (template) => {
  const typed = fillIn(template)

  test('says everything that was filled in, and who it is about', () => {
    const text = JSON.stringify(fill(template, readTyped(template.fields, typed), [person]))
    for (const field of template.fields) expect(text).toContain(onPaper(field, typed[field.name] ?? ''))
    expect(text).toContain('SITI AMINAH')
    expect(text).toContain('3510154107800001')
    expect(text).not.toMatch(/\{\{|\}\}|undefined| ,|\.\.| {2}/)
  })

  test('reads well with nothing but what it needs', () => {
    const needed = Object.fromEntries(
      template.fields.flatMap(({ name, needed }) => (needed ? [[name, typed[name] ?? '']] : [])),
    )
    const { blocks } = fill(template, readTyped(template.fields, needed))
    for (const block of blocks) if ('text' in block) expect(block.text).toMatch(/^["\p{L}].*[.:]$/su)
  })

  test('has a code in both tables', () => {
    expect(Object.values(template.classification).every((code) => /^\d+(\.\d+)*$/.test(code))).toBe(true)
  })
})

describe('a template that is wrong is refused', () => {
  const one = {
    ...{
      code: 'contoh',
      title: 'Surat Contoh',
      papers: [],
      fields: [{ name: 'keperluan', label: 'Keperluan', kind: 'text' }],
    },
    classification: { 'permendagri-78-2012': '470', 'permendagri-83-2022': '400.8' },
  }
  /** Where and what, of all that is wrong. */
  const wrong = (body: unknown, more: object = {}) =>
    findTemplateProblems({ ...one, body, ...more }).map(({ where, code }) => `${where} ${code.replace(/^.*-/, '')}`)

  test.each([
    [['Untuk {{keperluan}} {{nama}}'], []],
    [['Untuk {{keperluan_lain}}'], ['body/0 field']],
    [['Untuk {{keperluan}}', 'Untuk {{keperlun}}'], ['body/1 misspelt']],
    [['{{#keperluan}}Untuk'], ['body/0 unclosed']],
    [['{{#keperluan}}Untuk{{/nama}}'], ['body/0 unclosed']],
    [['Untuk{{/nama}}'], ['body/0 unopened']],
    [['{{keperluan'], ['body/0 brace']],
    [['{keperluan}'], ['body/0 brace']],
    [['keperluan}}'], ['body/0 brace']],
    [['{{{keperluan}}}'], ['body/0 text']],
    [['{{> keperluan}}'], ['body/0 text']],
    [['{{=<% %>=}}'], ['body/0 text']],
    [['{{constructor}}'], ['body/0 field']],
    [['{{nama.length}}'], ['body/0 field']],
    [['{{#nama}}{{rahasia}}{{/nama}}'], ['body/0 field']],
    [['NIK 3510154107800001'], [' person']],
    [[{ rows: ['nama', 'rahasia'] }], ['body/0/rows/1 field']],
    [[{ rows: [['Nama', '{{rahasia}}']] }], ['body/0/rows/0 field']],
    [[{ rows: [['Nama']] }], ['body/0/rows/0 missing']],
    [[{ rows: [] }], ['body/0/rows missing']],
    [[{ heading: '' }], ['body/0/heading missing']],
    [['x', { tabel: [] }], ['body/1 form']],
    [['x', 7], ['body/1 form']],
    [[''], ['body/0 missing']],
    [['x'.repeat(2_001)], ['body/0 long']],
    [[{ family: ['nama'] }], ['body/0 family']],
    [[{ family: ['rahasia'] }], ['body/0 field']],
    [[], ['body missing']],
    [{}, ['body form']],
    [
      ['{{#keperluan}}', '{{rahasia}}'],
      ['body/0 unclosed', 'body/1 field'],
    ],
  ])('%j: %j', (body, problems) => {
    expect(wrong(body)).toEqual(problems)
  })

  test.each([null, 'teks', [], 7])('%j is none', (json) => {
    expect(findTemplateProblems(json).map(({ code }) => code)).toEqual(['letters.template-form'])
  })

  test('a field may not have the name of what is known, nor stand there twice, and a choice has something to choose', () => {
    const field = (name: string, kind = 'text') => ({ name, label: 'Isian', kind })
    expect(wrong(['x'], { fields: [field('nama')] })).toEqual(['fields/0/name twice'])
    expect(wrong(['x'], { fields: [field('a1'), field('a1')] })).toEqual(['fields/1/name twice'])
    expect(wrong(['x'], { fields: [field('a1', 'money'), field('a1_huruf')] })).toEqual(['fields/1/name twice'])
    expect(wrong(['x'], { fields: [field('a1', 'choice')] })).toEqual(['fields/0/options options'])
    expect(wrong(['x'], { fields: [field('Keperluan Lain')] })).toEqual(['fields/0/name name'])
    expect(wrong(['x'], { fields: [field('a1', 'warna')] })).toEqual(['fields/0/kind form'])
  })

  test('what it says of itself is looked at as well', () => {
    expect(wrong(['x'], { colour: 'red' })).toEqual(['colour member'])
    expect(wrong(['x'], { title: '' })).toEqual(['title missing'])
    expect(wrong(['x'], { validDays: 0 })).toEqual(['validDays days'])
    expect(wrong(['x'], { papers: [''] })).toEqual(['papers/0 missing'])
    const classification = { 'permendagri-78-2012': 'empat', 'permendagri-83-2022': '400.8' }
    expect(wrong(['x'], { classification })).toEqual(['classification/permendagri-78-2012 classification'])
  })

  test('so are its paper and who signs it, each at its place', () => {
    const signed = (...others: unknown[]) => wrong(['x'], { signing: { others } })
    expect(wrong(['x'], { paper: 'A4', signing: { headOnly: true } })).toEqual([])
    expect(wrong(['x'], { paper: 'A3' })).toEqual(['paper paper'])
    expect(wrong(['x'], { signing: { headOnly: 'ya' } })).toEqual(['signing/headOnly form'])
    expect(wrong(['x'], { signing: { kepala: true } })).toEqual(['signing/kepala member'])
    expect(signed({ title: 'Pemohon,', name: '{{nama}}' }, { title: 'Camat {{kecamatan}}' })).toEqual([])
    expect(signed()).toEqual(['signing/others missing'])
    expect(signed(...Array(4).fill({ title: 'Saksi' }))).toEqual(['signing/others many'])
    expect(signed({ name: 'Budi' })).toEqual(['signing/others/0/title missing'])
    expect(signed({ title: 'Saksi' }, { title: 'Pemohon', name: '{{nma}}' })).toEqual([
      'signing/others/1/name misspelt',
    ])
    expect(signed({ title: '{{#nama}}Pemohon' })).toEqual(['signing/others/0/title unclosed'])
    expect(signed({ title: 'x'.repeat(121) })).toEqual(['signing/others/0/title long'])
    expect(signed('Pemohon')).toEqual(['signing/others/0 form'])
  })

  test('the first of it is what whoever reads one is told', () => {
    expect(() => parseTemplate({ ...one, body: ['x', '{{rahasia}}'] })).toThrow(
      expect.objectContaining({
        code: 'letters.template-field',
        details: { name: 'rahasia', where: 'body/1' },
      }),
    )
  })
})

test('text is not read as markup, and what is not given leaves no gap', () => {
  const template = parseTemplate({
    ...{ code: 'contoh', title: 'Surat Contoh', papers: [], fields: [{ name: 'untuk', label: 'Untuk', kind: 'text' }] },
    classification: { 'permendagri-78-2012': '470', 'permendagri-83-2022': '400.8' },
    body: ['{{nama}}{{#untuk}}, untuk {{untuk}}{{/untuk}}.'],
  })
  expect(fill(template, { untuk: '<b>Toko & {{nik}}</b>' }).blocks).toEqual([
    { text: 'SITI AMINAH, untuk <b>Toko & {{nik}}</b>.' },
  ])
  expect(fill(template, {}).blocks).toEqual([{ text: 'SITI AMINAH.' }])
})
