import { describe, expect, test } from 'vitest'
import { fillIn, onPaper } from '../../testing/fill-letter.ts'
import type { Person } from '../residents/person.ts'
import { fillTemplate } from './content.ts'
import { parseTemplate } from './template.ts'
import type { Template } from './template-schema.ts'
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
  const refusal = (body: unknown, more: object = {}) => {
    try {
      parseTemplate({ ...one, body, ...more })
      return null
    } catch (error) {
      return (error as { code: string }).code
    }
  }

  test.each([
    [['Untuk {{keperluan}} {{nama}}'], null],
    [['Untuk {{keperluan_lain}}'], 'letters.template-field'],
    [['{{#keperluan}}Untuk'], 'letters.template-text'],
    [['{{#keperluan}}Untuk{{/nama}}'], 'letters.template-text'],
    [['{{keperluan'], 'letters.template-text'],
    [['{{{keperluan}}}'], 'letters.template-text'],
    [['{{> keperluan}}'], 'letters.template-text'],
    [['{{=<% %>=}}'], 'letters.template-text'],
    [['{{constructor}}'], 'letters.template-field'],
    [['{{nama.length}}'], 'letters.template-field'],
    [['{{#nama}}{{rahasia}}{{/nama}}'], 'letters.template-field'],
    [[{ rows: ['nama', 'rahasia'] }], 'letters.template-field'],
    [[{ rows: [['Nama']] }], 'letters.template-form'],
    [[{ family: ['nama'] }], 'letters.template-field'],
    [[{ family: ['rahasia'] }], 'letters.template-field'],
    [[], 'letters.template-form'],
    [undefined, 'letters.template-form'],
  ])('%j: %s', (body, code) => {
    expect(refusal(body)).toBe(code)
  })

  test('a field may not have the name of what is known, nor stand there twice', () => {
    const field = (name: string, kind = 'text') => ({ name, label: 'Isian', kind })
    expect(refusal(['x'], { fields: [field('nama')] })).toBe('letters.template-field')
    expect(refusal(['x'], { fields: [field('a1'), field('a1')] })).toBe('letters.template-field')
    expect(refusal(['x'], { fields: [field('a1', 'money'), field('a1_huruf')] })).toBe('letters.template-field')
    expect(refusal(['x'], { colour: 'red' })).toBe('letters.template-form')
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
