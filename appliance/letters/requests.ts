import { AppError } from '../base/errors.ts'
import { newId } from '../base/ids.ts'
import type { Command } from '../base/schemas.ts'
import type { Tx } from '../base/store/store.ts'
import type { Erased } from '../residents/erase.ts'
import type { Person } from '../residents/person.ts'
import type { LetterRoom } from './letters.ts'
import { hashOfTemplate } from './office-templates.ts'
import { signsAsHead, signsOn } from './signing.ts'
import { readReason, readTyped } from './typed-fields.ts'

type Request = Command & {
  template: string
  resident: string
  signatory: string
  typed: Readonly<Record<string, string>>
}
type OfOne = Command & { letter: string }
type Reasoned = OfOne & { reason: string }

/** A letter until it has a number: asked for, seen, sent back, taken back. */
export function createRequests({
  store,
  journal,
  pen,
  tables,
  templates,
  residents,
  today,
  waiting,
  signatory,
}: LetterRoom) {
  return {
    /**
     * Fills in a letter for the resident whose record is open for this person; answers its id. Throws
     * `residents.not-open`, `letters.unknown-template`, `letters.template-off`, `letters.no-signatory`, `letters.signatory-not-now`,
     * `letters.head-signs` and what `readTyped` throws.
     */
    async request({ template, resident, signatory: who, typed, actor, key }: Request): Promise<string> {
      const before = pen.entryByKey(key, 'letters.requested')
      if (before) return before.data.letter
      const form = templates.template(template)
      const { fields } = form
      const version = hashOfTemplate(form)
      const person = residents.opened(resident, actor)
      const signs = signatory(who)
      if (!signsOn(signs, today()))
        throw new AppError('conflict', 'letters.signatory-not-now', `${signs.name} does not sign today.`, {
          ...{ field: 'signatory', name: signs.name },
        })
      if (form.signing?.headOnly && !signsAsHead(signs))
        throw new AppError('conflict', 'letters.head-signs', `${signs.name} signs on behalf of the head.`, {
          field: 'signatory',
        })
      const filled = readTyped(fields, typed)
      const asked = fields.find(({ kind }) => kind === 'family')
      const marked = (asked && filled[asked.name]?.split(' ')) ?? []
      const members = residents.familyOf(resident, actor).filter((one) => marked.includes(one.resident))
      const part = await pen.seal('letters.requested', {
        ...{ person: withoutMarks(person), typed: filled },
        ...(members.length > 0 ? { family: members.map((one) => withoutMarks(one.person)) } : {}),
      })
      return store.write((tx) => {
        const known = pen.entryByKey(key, 'letters.requested')
        if (known) return known.data.letter
        const ticket = residents.ticketOf(actor)
        const data = { letter: newId(), template, version, resident, ticket, signatory: who }
        templates.tables.keepText(tx, version, form)
        pen.append(tx, { type: 'letters.requested', actor, key, data, private: part })
        residents.noteInLetter(tx, { members: members.map((one) => one.resident), actor })
        return data.letter
      })
    },

    /** The secretary has seen it. Throws `letters.unknown`, `letters.not-waiting`. */
    review({ letter, actor, key }: OfOne): void {
      store.write((tx) => {
        if (pen.entryByKey(key, 'letters.reviewed')) return
        if (waiting(letter).state === 'waiting')
          pen.append(tx, { type: 'letters.reviewed', actor, key, data: { letter } })
      })
    },

    /** Sent back with a reason, which whoever asked for it reads. Throws `letters.reason-needed` and as `review`. */
    async reject({ letter, reason, actor, key }: Reasoned): Promise<void> {
      const part = await pen.seal('letters.rejected', { reason: readReason(reason) })
      store.write((tx) => {
        if (pen.entryByKey(key, 'letters.rejected')) return
        waiting(letter)
        pen.append(tx, { type: 'letters.rejected', actor, key, data: { letter }, private: part })
      })
    },

    /** Taken back before it had a number. */
    withdraw({ letter, actor, key }: OfOne): void {
      store.write((tx) => {
        if (pen.entryByKey(key, 'letters.withdrawn')) return
        waiting(letter)
        pen.append(tx, { type: 'letters.withdrawn', actor, key, data: { letter } })
      })
    },

    /**
     * Somebody is erased: what was asked for them and became no letter goes. A letter that was issued stays, since the
     * register is an archive of the village (Law 43/2009), which erasure does not reach (Law 27/2022, art. 15).
     */
    forget(tx: Tx, { residents: gone }: Pick<Erased, 'residents'>): void {
      const rows = [...gone]
        .flatMap((resident) => tables.ofResident(resident))
        .filter(({ issuedRow }) => issuedRow === null)
        .flatMap(({ requestedRow, state, decidedRow }) =>
          state === 'rejected' && decidedRow !== null ? [requestedRow, decidedRow] : [requestedRow],
        )
      journal.eraseParts(tx, rows)
    },
  }
}

/** What aid lists say of somebody is no business of a letter. */
const withoutMarks = ({ marks: _marks, ...person }: Person): Person => person
