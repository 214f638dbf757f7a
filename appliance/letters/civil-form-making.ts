import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Command } from '../base/schemas.ts'
import { tidyText } from '../base/tidy-text.ts'
import { isDay, minuteMs } from '../base/time.ts'
import type { Person } from '../residents/person.ts'
import { fillForm } from './civil-form-content.ts'
import type { CivilFormTask } from './civil-form-paper.ts'
import type { FormContent } from './civil-form-parts.ts'
import {
  type CivilFormCode,
  civilFormCodes,
  civilFormFields,
  civilForms,
  isOfWholeFamily,
  ruleOf,
} from './civil-forms.ts'
import type { CivilForms, FormField, MadeForm } from './civil-forms-view.ts'
import type { LetterRoom } from './letters.ts'

/** For so long a form that was filled in can be opened: it is printed at once or filled in anew. */
const keptMinutes = 15
/** More would only be held by somebody who fills memory. */
const mostKept = 200
const longest = 200

type Make = Command & { code: string; resident: string; typed: Readonly<Record<string, string>> }
type Kept = { content: FormContent; resident: string; actor: string; at: number }

/** Forms of civil registration from the record that is open: filled in, printed, and not kept. */
export function createCivilForms(room: LetterRoom) {
  const { store, pen, clock, residents, issuer, village, settings, today } = room
  /** In memory only: a form is about people, and what was signed is the paper. */
  const kept = new Map<string, Kept>()

  function forgetOld(): void {
    const now = clock.monotonicMs()
    for (const [id, { at }] of kept) if (now - at > keptMinutes * minuteMs || kept.size > mostKept) kept.delete(id)
  }

  return {
    civilForms: (): CivilForms => ({
      forms: civilFormCodes.map((code) => ({
        ...{ code, ...civilForms[code], rule: ruleOf(code), whole: isOfWholeFamily(code) },
        fields: [...civilFormFields[code]],
      })),
    }),

    /**
     * Fills one in for the resident whose record is open for this person. Others who stand in it leave a trace in their
     * records, as in a letter. Throws `residents.not-open`, `letters.unknown-form`, `letters.field-needed`,
     * `letters.wrong-field`, `letters.form-parent`.
     */
    makeForm({ code, resident, typed, actor, key }: Make): MadeForm {
      const known = civilFormCodes.find((one) => one === code)
      if (!known) throw new AppError('not-found', 'letters.unknown-form', `There is no form ${code}.`)
      const before = pen.entryByKey(key, 'letters.form-filled')
      if (before && kept.has(before.data.form)) return { form: before.data.form, minutes: keptMinutes }
      const person = withoutMarks(residents.opened(resident, actor))
      const filled = readForm(civilFormFields[known], typed)
      const marked = markedIn(known, filled)
      const members = residents
        .familyOf(resident, actor)
        .filter((one) => isOfWholeFamily(known) || marked.includes(one.resident))
      assertParents(
        known,
        person,
        members.map((one) => one.person),
      )
      const content = fillForm({
        ...{ code: known, person, typed: filled, issuer, village, day: today() },
        family: members.map((one) => withoutMarks(one.person)),
      })
      const form = before?.data.form ?? newId()
      if (!before)
        store.write((tx) => {
          const data = { form, kind: known, resident, ticket: residents.ticketOf(actor) }
          pen.append(tx, { type: 'letters.form-filled', actor, key, data })
          residents.noteInLetter(tx, { members: members.map((one) => one.resident), actor })
        })
      forgetOld()
      kept.set(form, { content, resident, actor, at: clock.monotonicMs() })
      return { form, minutes: keptMinutes }
    },

    /** Somebody is erased: what is still held of them goes. */
    dropFormsOf(gone: ReadonlySet<string>): void {
      for (const [id, { resident }] of kept) if (gone.has(resident)) kept.delete(id)
    },

    /**
     * A form as it is printed, for who has filled it in. Whoever has not the record open any more leaves a trace by it. Throws
     * `letters.form-gone`.
     */
    formPaper(form: string, actor: string): CivilFormTask {
      forgetOld()
      const found = kept.get(form)
      if (!found || found.actor !== actor)
        throw new AppError('not-found', 'letters.form-gone', 'It is not kept any more.')
      residents.lookedByLetter(found.resident, actor)
      return { civilForm: found.content, paper: settings().paper }
    },
  }
}

/** What aid lists say of somebody is no business of a form. */
const withoutMarks = ({ marks: _marks, ...person }: Person): Person => person

/** Those of the family who were marked, by their ids. */
const markedIn = (code: CivilFormCode, filled: Readonly<Record<string, string>>): string[] =>
  civilFormFields[code]
    .filter(({ kind }) => kind === 'family')
    .flatMap(({ name }) => (filled[name] ?? '').split(' '))
    .filter(Boolean)

/** A child has one mother and one father. */
function assertParents(code: CivilFormCode, person: Person, others: readonly Person[]): void {
  if (code !== 'f-2-01-lahir') return
  const [other] = others
  if (others.length > 1 || (other && other.sex === person.sex))
    throw new AppError('invalid', 'letters.form-parent', 'One other parent, of the other sex.', { field: 'pasangan' })
}

/** What was typed, as it may stand in a form. Throws `letters.field-needed` and `letters.wrong-field`. */
function readForm(fields: readonly FormField[], typed: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap((field): [string, string][] => {
      const { name, label, needed } = field
      const value = tidyText(Object.hasOwn(typed, name) ? (typed[name] ?? '') : '')
      const details = { field: name, label }
      if (value === '') {
        if (needed) throw new AppError('invalid', 'letters.field-needed', `${name} is missing.`, details)
        return []
      }
      if (!fits(field, value))
        throw new AppError('invalid', 'letters.wrong-field', `${name} is not as it has to be.`, details)
      return [[name, value]]
    }),
  )
}

function fits({ kind, options = [] }: FormField, value: string): boolean {
  if (kind === 'marks') return value.split('\n').every((one) => options.includes(one))
  if (kind === 'choice') return options.includes(value)
  if (kind === 'day') return isDay(value)
  if (kind === 'number') return /^\d{1,3}$/.test(value)
  if (kind === 'sixteen') return /^\d{16}$/.test(value)
  if (kind === 'family') return /^[A-Za-z0-9_-]{12}( [A-Za-z0-9_-]{12}){0,40}$/.test(value)
  return value.length <= longest
}
