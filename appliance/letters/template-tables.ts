import type { Db, Tx } from '../base/store/store.ts'
import type { Template } from '../wire/letter-template.ts'

export const templateChanges = ['saved', 'dropped', 'off', 'on'] as const

/** One thing that the office did to a template; `text` is JSON, null where nothing was saved. */
export type TemplateChange = {
  row: number
  what: (typeof templateChanges)[number]
  hash: string | null
  text: string | null
  at: number
  actor: string
}

/** What counts of one that the office has touched. `template` null: the regency's, or the program's. */
export type OwnTemplate = {
  row: number | null
  used: boolean
  template: Template | null
  hash: string | null
  base: string | null
  at: number | null
  actor: string | null
}

type StoredOwn = Omit<OwnTemplate, 'used' | 'template'> & { code: string; used: number; text: string | null }

/** What the office has made of templates. */
export function createTemplateTables(db: Db) {
  const selectOwn = db.prepare<[], StoredOwn>(`
    SELECT t.code, t.used, c.entry_row AS row, c.text, c.hash, c.base, c.at, c.actor
    FROM letter_template t LEFT JOIN letter_template_change c ON c.entry_row = t.own_row`)
  const selectHistory = db.prepare<{ code: string }, TemplateChange>(`
    SELECT entry_row AS row, what, hash, text, at, actor
    FROM letter_template_change
    WHERE code = @code
    ORDER BY entry_row DESC
    LIMIT 200`)
  const selectByHash = db
    .prepare<{ hash: string }, string>(`
      SELECT text FROM letter_template_text WHERE hash = @hash
      UNION ALL
      SELECT text FROM letter_template_change WHERE hash = @hash
      LIMIT 1`)
    .pluck()
  const insertText = db.prepare(
    'INSERT INTO letter_template_text (hash, text) VALUES (@hash, @text) ON CONFLICT (hash) DO NOTHING',
  )
  /** By its row: what was saved does not change. */
  const parsed = new Map<number, Template>()

  function read(row: number, text: string): Template {
    const known = parsed.get(row) ?? (JSON.parse(text) as Template)
    parsed.set(row, known)
    return known
  }

  return {
    /** Of each code that the office has touched. */
    own: (): Map<string, OwnTemplate> =>
      new Map(
        selectOwn.all().map(({ code, used, row, text, ...rest }) => {
          const template = row !== null && text !== null ? read(row, text) : null
          return [code, { ...rest, row, template, used: used === 1 }]
        }),
      ),
    /** The newest first. */
    history: (code: string): TemplateChange[] => selectHistory.all({ code }),
    /** The text that was in use under this hash; null: it is nowhere. */
    byHash(hash: string): Template | null {
      const text = selectByHash.get({ hash })
      return text === undefined ? null : (JSON.parse(text) as Template)
    },
    keepText: (_tx: Tx, hash: string, template: Template): void =>
      void insertText.run({ hash, text: JSON.stringify(template) }),
  }
}
