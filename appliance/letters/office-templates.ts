import { hash } from 'node:crypto'
import { AppError } from '../base/errors.ts'
import type { Db } from '../base/store/store.ts'
import type { Datasets } from '../datasets/datasets.ts'
import { canonicalJson } from '../wire/hash.ts'
import type { Template } from '../wire/letter-template.ts'
import { createTemplateTables, type OwnTemplate } from './template-tables.ts'
import type { ShippedTemplates } from './templates.ts'

export type OfficeTemplates = ReturnType<typeof createOfficeTemplates>

/** One as the office has it: what counts, and what would without the office's own. */
export type OfficeTemplate = {
  template: Template
  source: 'village' | 'regency' | 'shipped'
  /** Whether clerks are offered it. */
  used: boolean
  own: OwnTemplate | null
  /** What lies beneath the office's own; null: nothing. */
  beneath: { template: Template; source: 'regency' | 'shipped' } | null
  /** Whose newer one the office has not looked at since it made its own; null: none is newer. */
  newer: 'regency' | 'shipped' | null
}

/** What a template says, in eleven characters. */
export const hashOfTemplate = (template: Template): string =>
  hash('sha256', canonicalJson(template), 'buffer').subarray(0, 8).toString('base64url')

/** What comes along, beneath what the regency publishes, beneath what the office has of its own. */
export function createOfficeTemplates(db: Db, shipped: ShippedTemplates, datasets: Pick<Datasets, 'read'>) {
  const tables = createTemplateTables(db)
  const regency = (): readonly Template[] => datasets.read('letter-templates')?.['letter-templates'] ?? []

  function beneathOf(code: string): OfficeTemplate['beneath'] {
    const theirs = regency().find((one) => one.code === code)
    if (theirs) return { template: theirs, source: 'regency' }
    const ours = shipped.find(code)
    return ours && { template: ours, source: 'shipped' }
  }

  function toOffice(code: string, own: OwnTemplate | null): OfficeTemplate | null {
    const beneath = beneathOf(code)
    const template = own?.template ?? beneath?.template
    if (!template) return null
    const isOwn = own?.template !== null && own?.template !== undefined
    return {
      ...{ template, own, beneath },
      source: isOwn ? 'village' : (beneath?.source ?? 'shipped'),
      used: own?.used ?? true,
      newer: isOwn && beneath && hashOfTemplate(beneath.template) !== own.base ? beneath.source : null,
    }
  }

  function everything(): OfficeTemplate[] {
    const own = tables.own()
    const codes = new Set([...shipped.all(), ...regency()].map(({ code }) => code).concat([...own.keys()]))
    return [...codes]
      .flatMap((code) => toOffice(code, own.get(code) ?? null) ?? [])
      .sort((one, other) => one.template.title.localeCompare(other.template.title, 'id'))
  }

  const look = (code: string): OfficeTemplate | null => toOffice(code, tables.own().get(code) ?? null)

  return {
    tables,
    /** All that there are, by title; those that are off too. */
    everything,
    look,
    /** What clerks are offered. */
    all: (): Template[] => everything().flatMap(({ template, used }) => (used ? [template] : [])),
    /** What a new letter is filled in with. Throws `letters.unknown-template`, `letters.template-off`. */
    template(code: string): Template {
      const found = look(code)
      if (!found) throw new AppError('not-found', 'letters.unknown-template', `There is no template ${code}.`)
      if (!found.used)
        throw new AppError('conflict', 'letters.template-off', `${code} is off.`, { title: found.template.title })
      return found.template
    },
    find: (code: string): Template | null => look(code)?.template ?? null,
    /** What a letter was asked for with; where that is nowhere any more, what counts now. Throws `letters.unknown-template`. */
    ofLetter({ template: code, templateHash }: { template: string; templateHash: string | null }): Template {
      const now = look(code)?.template ?? null
      if (now && (templateHash === null || hashOfTemplate(now) === templateHash)) return now
      const then = templateHash === null ? null : tables.byHash(templateHash)
      const found = then ?? now
      if (!found) throw new AppError('not-found', 'letters.unknown-template', `There is no template ${code}.`)
      return found
    },
  }
}
