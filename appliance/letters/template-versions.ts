import { AppError } from '../base/errors.ts'
import type { Command } from '../base/schemas.ts'
import { dayMs } from '../base/time.ts'
import type { Template } from '../wire/letter-template.ts'
import { findTemplateProblems, type TemplateProblem } from '../wire/letter-template-problems.ts'
import type { LetterPaper } from './letter-paper.ts'
import type { LetterRoom } from './letters.ts'
import { hashOfTemplate, type OfficeTemplate } from './office-templates.ts'
import { samplePaper } from './sample.ts'
import { parseTemplate } from './template.ts'
import type { TemplateLine, TemplateView } from './templates-view.ts'

/** Of one template as JSON: an entry of the journal holds it, and has to pass a broker. */
const mostBytes = 12_000
const longestCode = 40

type OfTemplate = Command & { code: string }
/** Which of them is meant: what counts, what lies beneath the office's own, or one that was saved (its entry's row). */
export type WhichTemplate = { code: string; of: 'now' | 'beneath' | number }

/** Templates that the office writes itself, each with its past. */
export function createTemplateVersions(room: LetterRoom) {
  const { store, pen, people, templates, tables, clock } = room

  /** Throws `letters.unknown-template`. */
  function known(code: string): OfficeTemplate {
    const found = templates.look(code)
    if (!found) throw new AppError('not-found', 'letters.unknown-template', `There is no template ${code}.`)
    return found
  }

  /** Throws `letters.unknown-template` where there is none such. */
  function read({ code, of }: WhichTemplate): Template {
    const { template, beneath } = known(code)
    if (of === 'now') return template
    const then = templates.tables.history(code).find(({ row }) => row === of)?.text
    const found = of === 'beneath' ? beneath?.template : then && (JSON.parse(then) as Template)
    if (!found) throw new AppError('not-found', 'letters.unknown-template', `There is no such version of ${code}.`)
    return found
  }

  /** A code of its own, which no regency gives: `desa-surat-hibah`. */
  function freshCode(title: string): string {
    const slug = title
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
    const base = `desa-${slug || 'surat'}`.slice(0, longestCode - 3).replace(/-$/, '')
    for (let n = 1; ; n++) {
      const code = n === 1 ? base : `${base}-${n}`
      if (!templates.look(code)) return code
    }
  }

  function write(template: Template, { actor, key }: Command, expected?: string | null): void {
    const { code } = template
    const text = JSON.stringify(template)
    const bytes = Buffer.byteLength(text)
    if (bytes > mostBytes)
      throw new AppError('invalid', 'letters.template-too-large', `${code} has ${bytes} bytes.`, {
        ...{ where: '', most: mostBytes },
      })
    store.write((tx) => {
      if (pen.entryByKey(key, 'letters.template-saved')) return
      const found = templates.look(code)
      if (expected !== undefined && (found?.own?.hash ?? null) !== expected)
        throw new AppError('conflict', 'letters.template-newer', `Somebody else has saved ${code} meanwhile.`)
      const base = found?.beneath ? hashOfTemplate(found.beneath.template) : null
      pen.append(tx, {
        ...{ type: 'letters.template-saved', actor, key },
        data: { code, hash: hashOfTemplate(template), base, text },
      })
    })
  }

  return {
    listTemplates(): TemplateLine[] {
      const staff = people.names()
      const uses = tables.uses(clock.read().at - 365 * dayMs)
      return templates.everything().map(({ template: { code, title, aka = [] }, source, used, newer, own }) => ({
        ...{ code, title, aka, source, used, newer },
        uses: uses.get(code) ?? 0,
        at: own?.at ?? null,
        by: own?.actor ? (staff.get(own.actor) ?? own.actor) : null,
      }))
    },

    /** One whole, with its past. Throws `letters.unknown-template`. */
    templateView(code: string): TemplateView {
      const { template, source, used, newer, own, beneath } = known(code)
      const staff = people.names()
      return {
        ...{ template, source, used, newer },
        hash: own?.hash ?? null,
        beneath: beneath?.source ?? null,
        history: templates.tables.history(code).map(({ row, what, hash, at, actor }) => ({
          ...{ row, what, at },
          by: staff.get(actor) ?? actor,
          counts: what === 'saved' && row === own?.row,
          same: hash !== null && hash === own?.hash,
        })),
      }
    },

    readTemplate: read,

    /** What is wrong with one, and how its letter would look with words for an example; null: it cannot be filled in. */
    tryTemplate(json: unknown): { problems: (TemplateProblem & { empty: boolean })[]; paper: LetterPaper | null } {
      // Not given yet: it is made of the title when it is saved.
      const named =
        typeof json === 'object' && json && 'code' in json && json.code === '' ? { ...json, code: 'desa' } : json
      const problems = findTemplateProblems(named).map((one) => ({ ...one, empty: isEmpty(named, one) }))
      const toFill = problems.every(({ empty }) => empty) ? withoutGaps(named, problems) : null
      return { problems, paper: toFill && samplePaper(room, toFill) }
    },

    /** An example of the letter. */
    samplePaper: (which: WhichTemplate): LetterPaper => samplePaper(room, read(which)),

    /**
     * The office's own from now on; `code` empty: another one beside those that there are. `expected`: the hash of the
     * office's own that it was made from, null where it had none. Answers its code. Throws what is wrong with it,
     * `letters.template-too-large`, and `letters.template-newer` where somebody else has saved one meanwhile.
     */
    saveTemplate({
      template: json,
      expected,
      ...by
    }: Command & { template: unknown; expected: string | null }): string {
      const before = pen.entryByKey(by.key, 'letters.template-saved')
      if (before) return before.data.code
      const { code, title } = (json ?? {}) as Partial<Template>
      const template = parseTemplate(
        code === '' && typeof title === 'string' ? { ...(json as object), code: freshCode(title) } : json,
      )
      write(template, by, expected)
      return template.code
    },

    /** One that was saved before counts again. Throws `letters.unknown-template`. */
    restoreTemplate({ code, row, ...by }: OfTemplate & { row: number }): void {
      write(read({ code, of: row }), by)
    },

    /** The office has none of its own any more. Throws `letters.template-own-only` where nothing would be left. */
    dropTemplate({ code, actor, key }: OfTemplate): void {
      store.write((tx) => {
        if (pen.entryByKey(key, 'letters.template-dropped')) return
        const { source, beneath } = known(code)
        if (!beneath)
          throw new AppError('conflict', 'letters.template-own-only', `Nobody else has ${code}: it can be turned off.`)
        if (source === 'village') pen.append(tx, { type: 'letters.template-dropped', actor, key, data: { code } })
      })
    },

    /** Whether clerks are offered it. Letters that wait are not touched. */
    useTemplate({ code, used, actor, key }: OfTemplate & { used: boolean }): void {
      store.write((tx) => {
        if (pen.entryByKey(key, 'letters.template-used')) return
        if (known(code).used !== used)
          pen.append(tx, { type: 'letters.template-used', actor, key, data: { code, used } })
      })
    },
  }
}

/** Whether nothing stands there yet: whoever is still writing knows that. */
function isEmpty(template: unknown, { where, code }: TemplateProblem): boolean {
  const there = where
    .split('/')
    .reduce<unknown>((value, member) => (value as Record<string, unknown> | null)?.[member], template)
  return code === 'letters.template-missing' || there === ''
}

/** With dots for what is still empty, so that one who has just begun sees a paper; null: too much of it lacks. */
function withoutGaps(template: unknown, problems: readonly TemplateProblem[]): Template | null {
  if (problems.length === 0) return template as Template // none of its problems is left
  const { body, classification, title, signing, ...rest } = template as Template
  if (!Array.isArray(body)) return null
  const gaps = new Set(problems.map(({ where }) => where.split('/').slice(0, 2).join('/')))
  const filled = {
    ...rest,
    title: title || '................',
    ...(signing && !gaps.has('signing/others') ? { signing } : {}),
    classification: {
      'permendagri-78-2012': classification?.['permendagri-78-2012'] || '000',
      'permendagri-83-2022': classification?.['permendagri-83-2022'] || '000',
    },
    body: body.filter((_, index) => !gaps.has(`body/${index}`)),
  }
  return findTemplateProblems(filled).length === 0 ? filled : null
}
