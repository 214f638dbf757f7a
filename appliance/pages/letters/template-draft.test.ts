import { expect, test } from 'vitest'
import { readTemplates } from '../../letters/templates.ts'
import { fromDraft, nameOfLabel, newDraft, toDraft } from './template-draft.ts'

test.each(readTemplates().all())('$title comes back from the page as it went there', (template) => {
  expect(fromDraft(toDraft(template))).toEqual(template)
})

test('paper and signatures come back as they went, and what is empty is not there', () => {
  const [template] = readTemplates().all()
  if (!template) throw new Error('There is no template.')
  const signed = {
    ...template,
    paper: 'A4' as const,
    signing: { headOnly: true, others: [{ title: 'Mengetahui,\nCamat', name: '{{nama}}' }, { title: 'Saksi' }] },
  }
  expect(fromDraft(toDraft(signed))).toEqual(signed)
  const draft = toDraft(template)
  expect(fromDraft({ ...draft, others: [{ id: 1, title: ' ', name: ' ' }] }).signing).toEqual({
    others: [{ title: '' }],
  })
  expect(fromDraft(draft)).not.toHaveProperty('signing')
})

test('a row of words is typed with a colon, one of a value by its name', () => {
  const draft = newDraft('a', 'b')
  const typed = {
    ...draft,
    blocks: [{ id: 1, kind: 'rows' as const, text: 'nama\n\nNama usaha: {{usaha}}, dulu: x\nTanpa nilai' }],
  }
  expect(fromDraft(typed).body).toEqual([{ rows: ['nama', ['Nama usaha', '{{usaha}}, dulu: x'], ['Tanpa nilai', '']] }])
})

test.each([
  ['Nama usaha', 'nama_usaha'],
  ['  Luas (m²) ', 'luas_m2'],
  ['3 saksi', 'saksi'],
  ['Kecamatan – asal', 'kecamatan_asal'],
])('%s is asked for as %s', (label, name) => {
  expect(nameOfLabel(label)).toBe(name)
})
