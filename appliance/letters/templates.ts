import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../base/errors.ts'
import { folderOf } from '../base/program-files.ts'
import type { Template } from '../wire/letter-template.ts'
import { parseTemplate } from './template.ts'

export type ShippedTemplates = ReturnType<typeof readTemplates>

/** The templates that come with the program, by code, in the order of their titles. */
export function readTemplates() {
  const folder = folderOf('letterTemplates')
  const all = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => parseTemplate(JSON.parse(readFileSync(join(folder, file), 'utf8'))))
    .sort((one, other) => one.title.localeCompare(other.title, 'id'))
  const byCode = new Map(all.map((template) => [template.code, template]))
  return {
    all: (): readonly Template[] => all,
    /** Throws `letters.unknown-template`. */
    template(code: string): Template {
      const found = byCode.get(code)
      if (!found) throw new AppError('not-found', 'letters.unknown-template', `There is no template ${code}.`)
      return found
    },
    find: (code: string): Template | null => byCode.get(code) ?? null,
  }
}
