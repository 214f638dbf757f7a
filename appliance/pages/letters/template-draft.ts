import type { Template, TemplateBlock, TemplateField } from '../../letters/templates-view.ts'

/* A template as it is written on the page: lists as lines of text, so that a row is typed and not clicked together. */

export type DraftField = Omit<TemplateField, 'hint' | 'options' | 'needed'> & {
  id: number
  hint: string
  /** One on each line. */
  options: string
  needed: boolean
}
export const blockKinds = ['text', 'rows', 'heading', 'family'] as const
export type BlockKind = (typeof blockKinds)[number]
/** Of `rows` one a line, `nama` or `Nama usaha: {{nama_usaha}}`; of `family` the names of values, with commas. */
export type DraftBlock = { id: number; kind: BlockKind; text: string }

/** Who signs besides. */
export type DraftSigner = { id: number; title: string; name: string }

export type Draft = Pick<Template, 'code' | 'title'> & {
  aka: string
  papers: string
  old: string
  current: string
  validDays: string
  /** Empty: the office's. */
  paper: '' | NonNullable<Template['paper']>
  headOnly: boolean
  others: DraftSigner[]
  fields: DraftField[]
  blocks: DraftBlock[]
}

let lastId = 0
/** Of a part of a draft, for as long as the page lives. */
export const freshId = (): number => ++lastId

export function toDraft(template: Template): Draft {
  const { code, title, aka = [], papers, classification, validDays, paper = '', signing = {}, fields, body } = template
  return {
    ...{ code, title },
    aka: aka.join(', '),
    papers: papers.join('\n'),
    old: classification['permendagri-78-2012'],
    current: classification['permendagri-83-2022'],
    validDays: validDays === undefined ? '' : String(validDays),
    paper,
    headOnly: signing.headOnly ?? false,
    others: (signing.others ?? []).map(({ title, name = '' }) => ({ id: freshId(), title, name })),
    fields: fields.map(({ options = [], hint = '', needed = false, ...field }) => ({
      ...{ ...field, hint, needed, id: freshId() },
      options: options.join('\n'),
    })),
    blocks: body.map((block) => ({ id: freshId(), ...toDraftBlock(block) })),
  }
}

function toDraftBlock(block: TemplateBlock): Omit<DraftBlock, 'id'> {
  if (typeof block === 'string') return { kind: 'text', text: block }
  if ('heading' in block) return { kind: 'heading', text: block.heading }
  if ('family' in block) return { kind: 'family', text: block.family.join(', ') }
  return {
    kind: 'rows',
    text: block.rows.map((row) => (typeof row === 'string' ? row : `${row[0]}: ${row[1]}`)).join('\n'),
  }
}

export function fromDraft(written: Draft): Template {
  const { code, title, aka, papers, old, current, validDays, paper, fields, blocks } = written
  const names = split(aka, ',')
  const days = validDays.trim()
  const signing = fromSigning(written)
  return {
    ...{ code, title },
    ...(names.length > 0 ? { aka: names } : {}),
    classification: { 'permendagri-78-2012': old.trim(), 'permendagri-83-2022': current.trim() },
    papers: split(papers, '\n'),
    ...(days === '' ? {} : { validDays: Number(days) }),
    ...(paper === '' ? {} : { paper }),
    ...(signing ? { signing } : {}),
    fields: fields.map(({ id: _, hint, options, needed, ...field }) => ({
      ...field,
      ...(needed ? { needed } : {}),
      ...(hint.trim() ? { hint: hint.trim() } : {}),
      ...(field.kind === 'choice' ? { options: split(options, '\n') } : {}),
    })),
    body: blocks.map(fromDraftBlock),
  }
}

function fromSigning({ headOnly, others }: Draft): Template['signing'] | null {
  if (!headOnly && others.length === 0) return null
  return {
    ...(headOnly ? { headOnly } : {}),
    ...(others.length > 0
      ? {
          others: others.map(({ title, name }) => ({
            title: title.trim(),
            ...(name.trim() ? { name: name.trim() } : {}),
          })),
        }
      : {}),
  }
}

function fromDraftBlock({ kind, text }: DraftBlock): TemplateBlock {
  if (kind === 'text') return text.trim()
  if (kind === 'heading') return { heading: text.trim() }
  if (kind === 'family') return { family: split(text, ',') }
  return { rows: split(text, '\n').map(readRow) }
}

function readRow(line: string): string | [string, string] {
  if (/^[a-z][a-z0-9_]*$/.test(line)) return line
  const at = line.indexOf(':')
  return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()]
}

const split = (text: string, by: string): string[] =>
  text
    .split(by)
    .map((one) => one.trim())
    .filter(Boolean)

/** `Nama usaha` as the name by which a text asks for it: `nama_usaha`. */
export const nameOfLabel = (label: string): string =>
  label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[\d_]+|_+$/g, '')
    .slice(0, 31)

/** An empty one, with what every letter begins and ends with. `begin`, `end`: in words of a letter. */
export const newDraft = (begin: string, end: string): Draft => ({
  ...{ code: '', title: '', aka: '', papers: 'KTP\nKartu keluarga', old: '', current: '', validDays: '' },
  ...{ paper: '', headOnly: false, others: [], fields: [] },
  blocks: [
    { id: freshId(), kind: 'text', text: begin },
    { id: freshId(), kind: 'rows', text: ['nama', 'nik', 'ttl', 'jenis_kelamin', 'pekerjaan', 'alamat'].join('\n') },
    { id: freshId(), kind: 'text', text: '' },
    { id: freshId(), kind: 'text', text: end },
  ],
})
